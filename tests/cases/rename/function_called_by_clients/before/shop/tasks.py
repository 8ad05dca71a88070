from schemagen import QueryCtx, query


@query
async def open_tasks(ctx: QueryCtx, *, day: str) -> list[str]:
    return []
