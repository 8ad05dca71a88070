from schemagen import QueryCtx, query


@query
async def pong(ctx: QueryCtx) -> None: ...
