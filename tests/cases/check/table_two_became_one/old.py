from schemagen import MutationCtx, Table, mutation


class Contact(Table, name="contacts"):
    name: str


class Lead(Table, name="leads"):
    name: str


@mutation
async def clear(ctx: MutationCtx) -> None: ...
