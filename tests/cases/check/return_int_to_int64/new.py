from schemagen import Int64, QueryCtx, query


@query
async def load(ctx: QueryCtx) -> Int64: ...
