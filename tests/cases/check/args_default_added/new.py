from schemagen import QueryCtx, query


@query
async def search(ctx: QueryCtx, *, limit: int = 50) -> None: ...
