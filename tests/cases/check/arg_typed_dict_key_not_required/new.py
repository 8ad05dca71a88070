from typing_extensions import NotRequired, TypedDict

from schemagen import QueryCtx, query


class Filter(TypedDict):
    text: str
    stage: NotRequired[str]


@query
async def search(ctx: QueryCtx, *, filter: Filter) -> None: ...
