from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, tags: list[str]) -> None: ...
