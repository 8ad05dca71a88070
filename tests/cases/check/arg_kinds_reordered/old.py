from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, size: int | str | None) -> None: ...
