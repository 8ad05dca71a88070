from pydantic import BaseModel

from schemagen import QueryCtx, query


class Address(BaseModel):
    street: str


class Filter(BaseModel):
    text: str
    address: Address


@query
async def search(ctx: QueryCtx, *, filter: Filter) -> None: ...
