from schemagen import Id, QueryCtx, Table, query


class Contact(Table, name="contacts"):
    name: str
    age: int


@query
async def get(ctx: QueryCtx, *, id: Id[Contact]) -> Contact: ...
