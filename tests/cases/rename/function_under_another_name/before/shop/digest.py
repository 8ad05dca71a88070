from schemagen import QueryCtx, query
from shop.tasks import list_ as tasks_of


@query
async def digest(ctx: QueryCtx) -> int:
    list_ = 1
    return len(await ctx.run_query(tasks_of)) + list_
