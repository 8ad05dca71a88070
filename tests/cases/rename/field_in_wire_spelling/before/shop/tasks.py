import typing as t

from schemagen import QueryCtx, Table, query


class Task(Table, name="tasks"):
    due_at: "t.Optional[str]" = None


@query
async def tasks(ctx: QueryCtx) -> list[Task]:
    return [task for task in await ctx.db.query(Task).scan().all() if task.due_at]
