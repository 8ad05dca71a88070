from schemagen import JsonValue, MutationCtx, Table, mutation


class Contact(Table, name="contacts"):
    tags: JsonValue


@mutation
async def clear(ctx: MutationCtx) -> None: ...
