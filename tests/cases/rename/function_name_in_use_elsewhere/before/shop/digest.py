from schemagen import QueryCtx, query
from shop.tasks import list_


def find(words: list[str]) -> str:
    return words[0]


@query
async def digest(ctx: QueryCtx) -> str:
    return find(await ctx.run_query(list_))
