from schemagen import QueryCtx, query


@query(renamed_from=["tasks.list"], deprecated="use tasks.unfinished")
async def open_tasks(ctx: QueryCtx) -> list[str]:
    return []
