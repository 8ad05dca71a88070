from schemagen import QueryCtx, query


@query
async def ping(ctx: QueryCtx) -> None: ...


@query
async def find(ctx: QueryCtx, *, text: str) -> list[str]: ...
