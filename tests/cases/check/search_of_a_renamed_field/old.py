from schemagen import MutationCtx, Table, mutation, search_index


class Contact(Table, name="contacts"):
    name: str

    search_name = search_index("name")


@mutation
async def clear(ctx: MutationCtx) -> None: ...
