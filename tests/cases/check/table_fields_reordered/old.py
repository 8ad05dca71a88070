from schemagen import MutationCtx, Table, mutation


class Contact(Table, name="contacts"):
    name: str
    age: int


@mutation
async def clear(ctx: MutationCtx) -> None: ...
