from pydantic import BaseModel

from schemagen import MutationCtx, Table, mutation


class Place(BaseModel):
    street: str


class Filter(BaseModel):
    text: str
    address: Place


class View(Table, name="views"):
    filter: Filter


@mutation
async def clear(ctx: MutationCtx) -> None: ...
