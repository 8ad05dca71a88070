from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, size: None | str | int) -> None: ...
