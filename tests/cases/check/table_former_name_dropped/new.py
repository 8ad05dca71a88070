from schemagen import MutationCtx, Table, mutation


class Contact(Table, name="people"):
    name: str


@mutation
async def clear(ctx: MutationCtx) -> None: ...
