from schemagen import Id, QueryCtx, Table, query


class Person(Table, name="contacts"):
    name: str


@query
async def get(ctx: QueryCtx, *, id: Id[Person]) -> Person: ...
