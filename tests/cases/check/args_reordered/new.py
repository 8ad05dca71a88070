from schemagen import QueryCtx, query


@query
async def search(ctx: QueryCtx, *, limit: int, text: str) -> None: ...
