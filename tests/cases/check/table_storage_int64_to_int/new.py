from schemagen import MutationCtx, Table, mutation


class Contact(Table, name="contacts"):
    count: int


@mutation
async def clear(ctx: MutationCtx) -> None: ...
