from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, scores: list[float]) -> None: ...
