from schemagen import QueryCtx, query


@query
async def list_(ctx: QueryCtx) -> list[str]:
    return []
