from schemagen import QueryCtx, query


@query
async def ping(ctx: QueryCtx) -> str:
    return "ping"
