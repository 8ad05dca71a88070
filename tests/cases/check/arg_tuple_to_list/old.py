from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, point: tuple[int, int]) -> None: ...
