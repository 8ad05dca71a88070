from schemagen import QueryCtx, query


@query
async def search(ctx: QueryCtx, *, filter: str) -> str: ...
