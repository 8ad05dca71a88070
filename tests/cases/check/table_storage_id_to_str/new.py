from schemagen import MutationCtx, Table, mutation


class Company(Table, name="companies"):
    name: str


class Contact(Table, name="contacts"):
    company_id: str


@mutation
async def clear(ctx: MutationCtx) -> None: ...
