from schemagen import Id, MutationCtx, Table, mutation


class Company(Table, name="companies"):
    name: str


class Contact(Table, name="contacts"):
    company_id: Id[Company]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
