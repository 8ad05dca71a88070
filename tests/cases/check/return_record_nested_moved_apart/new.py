from pydantic import BaseModel

from schemagen import QueryCtx, query


class Place(BaseModel):
    street: str


class Filter(BaseModel):
    text: str
    address: Place


@query
async def load(ctx: QueryCtx) -> Filter: ...
