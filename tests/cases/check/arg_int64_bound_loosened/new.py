from schemagen import Int64, MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, count: Int64) -> None: ...
