from pydantic import BaseModel

from schemagen import QueryCtx, query


class Filter(BaseModel):
    from_: str


@query
async def load(ctx: QueryCtx) -> Filter: ...
