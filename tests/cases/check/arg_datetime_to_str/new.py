from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, due_at: str) -> None: ...
