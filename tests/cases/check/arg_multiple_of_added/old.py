from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, minutes: int) -> None: ...
