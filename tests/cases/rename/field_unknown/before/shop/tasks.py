from schemagen import QueryCtx, Table, index, query


class Task(Table, name="tasks"):
    title: str

    by_title = index("title")


@query
async def tasks(ctx: QueryCtx) -> list[Task]:
    return []
