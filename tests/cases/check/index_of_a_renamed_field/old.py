from schemagen import MutationCtx, Table, index, mutation


class Contact(Table, name="contacts"):
    name: str

    by_name = index("name")


@mutation
async def clear(ctx: MutationCtx) -> None: ...
