from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, slug: str) -> None: ...
