from schemagen import QueryCtx, query


@query
async def search(ctx: QueryCtx, *, line1: str) -> None: ...
