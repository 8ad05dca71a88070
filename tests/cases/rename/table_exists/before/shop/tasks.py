from schemagen import QueryCtx, Table, query


class Task(Table, name="tasks"):
    title: str


class Note(Table, name="notes"):
    text: str


@query
async def tasks(ctx: QueryCtx) -> list[Task]:
    return []
