from schemagen import Int64, MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, value: Int64) -> None: ...
