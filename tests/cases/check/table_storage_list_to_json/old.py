from schemagen import MutationCtx, Table, mutation


class Contact(Table, name="contacts"):
    tags: list[str]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
