from schemagen import QueryCtx, query


@query
async def hello(ctx: QueryCtx) -> str: ...
