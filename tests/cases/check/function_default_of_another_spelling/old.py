from schemagen import QueryCtx, query


@query
async def search(ctx: QueryCtx, *, amount: float = 1) -> None: ...
