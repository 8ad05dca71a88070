from schemagen import QueryCtx, query


@query
async def ping(ctx: QueryCtx) -> None: ...


@query(renamed_from=["second", "first"])
async def third(ctx: QueryCtx, *, text: str) -> list[str]: ...
