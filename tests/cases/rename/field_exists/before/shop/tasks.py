from schemagen import QueryCtx, Table, query


class Task(Table, name="tasks"):
    title: str
    done: bool = False


@query
async def tasks(ctx: QueryCtx) -> list[Task]:
    return []
