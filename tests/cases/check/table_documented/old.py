from schemagen import MutationCtx, Table, mutation


class Contact(Table, name="contacts"):
    name: str


@mutation
async def clear(ctx: MutationCtx) -> None: ...
