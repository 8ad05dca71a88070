import shop.tasks
from schemagen import ActionCtx, QueryCtx, action, query
from shop import tasks
from shop.tasks import count, list_


@query
async def first(ctx: QueryCtx) -> str | None:
    found = await ctx.run_query(tasks.list_)
    return found[0].title if found else None


@action
async def send(ctx: ActionCtx) -> int:
    def titles() -> object:
        return ctx.run_query(
            shop.tasks.list_,  # through the package
        )

    await titles()
    return len(await ctx.run_query(list_)) + await ctx.run_query(count)
