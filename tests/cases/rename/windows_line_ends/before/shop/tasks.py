from schemagen import QueryCtx, Table, query


class Task(Table, name="tasks"):
    title: str  # Größe, 数, 😀


@query
async def tasks(ctx: QueryCtx) -> list[str]:
	return [f"😀{task.title}" for task in await ctx.db.query(Task).scan().all()]
