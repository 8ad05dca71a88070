from pydantic import BaseModel

from schemagen import Id, MutationCtx, Table, mutation


class Company(Table, name="companies"):
    name: str


class Person(Table, name="people"):
    name: str


class Filter(BaseModel):
    owner: Id[Company]


class View(Table, name="views"):
    filter: Filter


@mutation
async def clear(ctx: MutationCtx) -> None: ...
