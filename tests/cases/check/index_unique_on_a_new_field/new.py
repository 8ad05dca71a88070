from schemagen import MutationCtx, Table, index, mutation


class Contact(Table, name="contacts"):
    name: str
    email: str = "?"

    by_email = index("email", unique=True)


@mutation
async def clear(ctx: MutationCtx) -> None: ...
