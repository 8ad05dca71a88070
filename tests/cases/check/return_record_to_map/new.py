from schemagen import QueryCtx, query

Filter = dict[str, str]


@query
async def load(ctx: QueryCtx) -> Filter: ...
