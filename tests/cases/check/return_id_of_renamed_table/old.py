from schemagen import Id, QueryCtx, Table, query


class Company(Table, name="companies"):
    name: str


@query
async def load(ctx: QueryCtx) -> Id[Company]: ...
