from schemagen import Int64, MutationCtx, Table, mutation


class Contact(Table, name="contacts"):
    count: Int64


@mutation
async def clear(ctx: MutationCtx) -> None: ...
