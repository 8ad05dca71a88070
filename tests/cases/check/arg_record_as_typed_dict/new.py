from typing_extensions import TypedDict

from schemagen import QueryCtx, query


class Filter(TypedDict):
    text: str


@query
async def search(ctx: QueryCtx, *, filter: Filter) -> None: ...
