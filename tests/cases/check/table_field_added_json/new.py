from schemagen import JsonValue, MutationCtx, Table, mutation


class Contact(Table, name="contacts"):
    name: str
    extra: JsonValue


@mutation
async def clear(ctx: MutationCtx) -> None: ...
