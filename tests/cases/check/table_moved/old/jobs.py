from schemagen import MutationCtx, mutation


@mutation
async def clear(ctx: MutationCtx) -> None: ...
