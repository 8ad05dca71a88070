from collections.abc import AsyncIterator

from schemagen import QueryCtx, query


@query
def find(ctx: QueryCtx, *, text: str) -> str:
    return text


@query
async def watch(ctx: QueryCtx) -> AsyncIterator[str]:
    yield "a"
