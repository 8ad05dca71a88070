from schemagen import QueryCtx, query


@query
async def get(ctx: QueryCtx -> None:
    return None
