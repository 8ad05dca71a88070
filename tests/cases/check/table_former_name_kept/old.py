from schemagen import MutationCtx, Table, mutation


class Contact(Table, name="people", renamed_from="contacts"):
    name: str


@mutation
async def clear(ctx: MutationCtx) -> None: ...
