from schemagen import MutationCtx, mutation


@mutation
async def mark_paid(ctx: MutationCtx) -> None: ...
