from schemagen import QueryCtx, query


@query
async def tags(ctx: QueryCtx) -> list[str]: ...
