from pydantic import BaseModel

from schemagen import MutationCtx, Table, mutation


class Address(BaseModel):
    street: str
    city: str = "Porto"


class Filter(BaseModel):
    text: str
    address: Address


class View(Table, name="views"):
    filter: Filter


@mutation
async def clear(ctx: MutationCtx) -> None: ...
