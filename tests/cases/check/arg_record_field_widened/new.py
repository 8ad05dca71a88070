from pydantic import BaseModel

from schemagen import QueryCtx, query


class Filter(BaseModel):
    count: float


@query
async def search(ctx: QueryCtx, *, filter: Filter) -> None: ...
