from schemagen import QueryCtx, query


@query
async def ping(ctx: QueryCtx) -> None: ...


@query
async def search(ctx: QueryCtx, *, text: str) -> list[str]: ...
