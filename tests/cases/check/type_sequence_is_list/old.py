from schemagen import QueryCtx, query


@query
async def search(ctx: QueryCtx, *, tags: list[str]) -> list[str]: ...
