from schemagen import QueryCtx, query


@query
async def count(ctx: QueryCtx) -> int: ...
