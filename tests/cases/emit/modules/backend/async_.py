from schemagen import QueryCtx, query


@query
async def sync(ctx: QueryCtx) -> bool:
    return True
