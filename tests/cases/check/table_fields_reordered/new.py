from schemagen import MutationCtx, Table, mutation


class Contact(Table, name="contacts"):
    age: int
    name: str


@mutation
async def clear(ctx: MutationCtx) -> None: ...
