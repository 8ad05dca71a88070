from schemagen import QueryCtx, Table, query


class Task(Table, name='todos', renamed_from="tasks"):
    title: str


@query
async def tasks(ctx: QueryCtx) -> list[Task]:
    return []
