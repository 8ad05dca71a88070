from schemagen import MutationCtx, Table, mutation


class Contact(Table, name="persons", renamed_from=["people", "contacts"]):
    name: str


@mutation
async def clear(ctx: MutationCtx) -> None: ...
