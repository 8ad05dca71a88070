from schemagen import Id, QueryCtx, Table, query


class Company(Table, name="firms", renamed_from="companies"):
    name: str


@query
async def load(ctx: QueryCtx) -> Id[Company]: ...
