from pydantic import BaseModel

from schemagen import Id, QueryCtx, Table, query


class Company(Table, name="companies"):
    name: str


class Person(Table, name="people"):
    name: str


class Filter(BaseModel):
    owner: Id[Company]


@query
async def load(ctx: QueryCtx) -> Filter: ...
