from schemagen import Id, QueryCtx, Table, query


class Task(Table, name="tasks"):
    title: str


@query
async def get(ctx: QueryCtx, *, task_id: Id[Task]) -> Task | None:
    return await ctx.db.get(task_id)
