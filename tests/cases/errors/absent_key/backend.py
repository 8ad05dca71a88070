from typing_extensions import NotRequired, TypedDict

from schemagen import QueryCtx, query


class Extent(TypedDict):
    width: int
    height: NotRequired[int]


class Filter(TypedDict, total=False):
    """Fine: it is never sent to clients."""

    text: str


@query
async def extent(ctx: QueryCtx, *, only: Filter) -> list[Extent]: ...
