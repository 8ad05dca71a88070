from schemagen import QueryCtx, query


@query
async def ping(ctx: QueryCtx) -> None: ...


@query(renamed_from="search")
async def find(ctx: QueryCtx, *, text: str) -> list[str]: ...
