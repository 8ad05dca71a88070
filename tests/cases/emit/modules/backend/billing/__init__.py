from schemagen import QueryCtx, query


@query
async def total(ctx: QueryCtx) -> int:
    return 0
