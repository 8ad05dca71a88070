from schemagen import QueryCtx, query


@query
async def search(ctx: QueryCtx, *, words: str) -> list[str]: ...
