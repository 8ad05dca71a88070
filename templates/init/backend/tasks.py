"""What clients may do with tasks: `tasks.list`, `tasks.create`, `tasks.complete`."""

from backend.schema import Task
from schemagen import AppError, Id, MutationCtx, QueryCtx, desc, mutation, query

OPEN_MAX = 100


class TooManyOpenTasks(AppError):
    """Only {limit} tasks may be open at a time."""

    limit: int


@query
async def list_(ctx: QueryCtx, *, done: bool = False) -> list[Task]:
    """Open tasks, or those that are done; the newest first. Clients that watch it see every change."""
    return await ctx.db.query(Task).where(Task.done == done).order_by(desc(Task.creation_time)).take(OPEN_MAX)


@mutation(raises=[TooManyOpenTasks])
async def create(ctx: MutationCtx, *, title: str) -> Id[Task]:
    """Write a task down."""
    if await ctx.db.query(Task).where(Task.done == False).count() >= OPEN_MAX:  # noqa: E712  # a column, not a value
        raise TooManyOpenTasks(limit=OPEN_MAX)
    return await ctx.db.insert(Task(title=title))


@mutation
async def complete(ctx: MutationCtx, *, task_id: Id[Task]) -> None:
    """Tick a task off."""
    await ctx.db.get_existing(task_id)
    await ctx.db.patch(task_id, done=True)
