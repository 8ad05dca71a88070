from schemagen import QueryCtx, query
from shop.schema import Task


# What is still to be done.
@query   # the page that everybody sees first
async def list_( ctx: QueryCtx ) -> list[Task]:
    """list_ gives open tasks."""
    return await ctx.db.query(Task).where(Task.done == False).all()  # noqa: E712


@query
async def count(ctx: QueryCtx) -> int:
    return len(await list_(ctx))
