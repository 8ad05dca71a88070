from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, done: bool) -> None: ...
