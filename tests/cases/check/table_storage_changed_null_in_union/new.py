from schemagen import MutationCtx, Table, mutation


class Contact(Table, name="contacts"):
    size: int | str | None


@mutation
async def clear(ctx: MutationCtx) -> None: ...
