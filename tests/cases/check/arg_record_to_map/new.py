from schemagen import QueryCtx, query

Filter = dict[str, str]


@query
async def search(ctx: QueryCtx, *, filter: Filter) -> None: ...
