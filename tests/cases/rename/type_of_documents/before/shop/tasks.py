from schemagen import FIRST, Id, Page, PageRequest, QueryCtx, query
from shop.schema import Note, Task


@query
async def get(ctx: QueryCtx, *, task_id: Id[Task], page: PageRequest = FIRST) -> Page[Task]:
    tasks: "list[Task]" = await ctx.db.query(Task).scan().all()
    return Page(items=tasks, next_cursor=None)


@query
async def notes(ctx: QueryCtx) -> list[Note]:
    return []
