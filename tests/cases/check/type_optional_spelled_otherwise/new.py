from schemagen import QueryCtx, query


@query
async def search(ctx: QueryCtx, *, text: str | None, tags: list[str | int | None]) -> str | None: ...
