from pydantic import BaseModel

from schemagen import QueryCtx, query


class Filter(BaseModel):
    """What to look for."""

    text: str


@query
async def search(ctx: QueryCtx, *, filter: Filter) -> Filter: ...
