from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, pair: tuple[int, str]) -> None: ...
