from schemagen import MutationCtx, Table, index, mutation


class Contact(Table, name="contacts"):
    name: str
    age: int

    by_name = index("name", unique=True)


@mutation
async def clear(ctx: MutationCtx) -> None: ...
