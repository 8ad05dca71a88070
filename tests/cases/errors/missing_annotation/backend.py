from schemagen import QueryCtx, query


@query
async def find(ctx: QueryCtx, *, text, limit: int = 10) -> list[str]:
    return [text] * limit
