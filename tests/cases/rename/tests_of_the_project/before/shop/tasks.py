from schemagen import Id, MutationCtx, Table, mutation


class Task(Table, name="tasks"):
    title: str


@mutation
async def create(ctx: MutationCtx, *, title: str) -> Id[Task]:
    return await ctx.db.insert(Task(title=title))
