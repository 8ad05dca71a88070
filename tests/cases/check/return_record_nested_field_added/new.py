from pydantic import BaseModel

from schemagen import QueryCtx, query


class Address(BaseModel):
    street: str
    city: str = "Porto"


class Filter(BaseModel):
    text: str
    address: Address


@query
async def load(ctx: QueryCtx) -> Filter: ...
