from pydantic import BaseModel

from schemagen import QueryCtx, query


class Filter(BaseModel):
    text: str
    stage: str | None = None


@query
async def search(ctx: QueryCtx, *, filter: Filter) -> Filter: ...
