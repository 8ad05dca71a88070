from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, counts: dict[str, int]) -> None: ...
