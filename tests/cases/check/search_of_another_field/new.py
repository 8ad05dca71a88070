from schemagen import MutationCtx, Table, mutation, search_index


class Contact(Table, name="contacts"):
    name: str
    note: str

    search_it = search_index("note")


@mutation
async def clear(ctx: MutationCtx) -> None: ...
