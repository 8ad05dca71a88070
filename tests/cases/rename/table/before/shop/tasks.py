from schemagen import Id, QueryCtx, Table, query


class Task(
    Table,
    name="tasks",  # as in the ids
):
    title: str


@query
async def tasks(ctx: QueryCtx, *, task_id: Id[Task]) -> list[Task]:
    return [] if task_id.startswith("tasks_") and what() == "tasks" else []


def what() -> str:
    return "tasks of today"
