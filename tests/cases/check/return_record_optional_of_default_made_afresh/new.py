from pydantic import BaseModel

from schemagen import QueryCtx, query


class Filter(BaseModel):
    tags: list[str] = []


@query
async def load(ctx: QueryCtx) -> Filter: ...
