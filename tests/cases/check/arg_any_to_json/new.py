from schemagen import JsonValue, MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, value: JsonValue) -> None: ...
