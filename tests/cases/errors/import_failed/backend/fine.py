from schemagen import QueryCtx, query


@query
async def hello(ctx: QueryCtx, *, name) -> str:
    return name
