from schemagen import QueryCtx, query
from shop.tasks import *  # noqa: F403


@query
async def digest(ctx: QueryCtx) -> int:
    return len(await ctx.run_query(list_))  # noqa: F405
