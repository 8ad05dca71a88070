from schemagen import MutationCtx, Table, mutation, search_index


class Contact(Table, name="contacts"):
    name: str
    age: int

    search_name = search_index("name", filters=["age"])


@mutation
async def clear(ctx: MutationCtx) -> None: ...
