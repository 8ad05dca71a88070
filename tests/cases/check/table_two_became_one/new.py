from schemagen import MutationCtx, Table, mutation


class Contact(Table, name="contacts", renamed_from="leads"):
    name: str


@mutation
async def clear(ctx: MutationCtx) -> None: ...
