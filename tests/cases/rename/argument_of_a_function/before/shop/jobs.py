from functools import partial

from schemagen import ActionCtx, action
from shop import tasks


@action
async def fill(ctx: ActionCtx, *, title: str) -> int:
    make = partial(tasks.create, title=title)
    await ctx.run_mutation(tasks.other, title=title)
    return await ctx.run_mutation(tasks.create, title=title, done=bool(make))
