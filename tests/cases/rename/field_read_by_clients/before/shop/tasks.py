from schemagen import QueryCtx, Table, query


class Task(Table, name="tasks"):
    title: str


@query
async def list_(ctx: QueryCtx) -> list[Task]:
    return await ctx.db.query(Task).scan().all()
