from schemagen import QueryCtx, Table, query


class Task(Table, name="tasks"):
    title: str
    due_at: str


@query
async def tasks(ctx: QueryCtx) -> list[Task]:
    return []
