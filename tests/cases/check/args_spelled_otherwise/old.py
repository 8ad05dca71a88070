from schemagen import QueryCtx, query


@query
async def search(ctx: QueryCtx, *, line_1: str) -> None: ...
