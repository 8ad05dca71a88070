from schemagen import QueryCtx, query


@query
async def search(ctx: QueryCtx, *, text: str, after: str | None = None) -> list[str]: ...
