from schemagen import QueryCtx, query


@query
async def ping(ctx: QueryCtx) -> None: ...


@query
async def top10(ctx: QueryCtx, *, text: str) -> list[str]: ...
