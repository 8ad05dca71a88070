from schemagen import QueryCtx, Table, query


class Company(Table, name="companies"):
    name: str


class Person(Table, name="people"):
    name: str


@query
async def load(ctx: QueryCtx) -> str: ...
