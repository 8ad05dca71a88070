from schemagen import MutationCtx, mutation


@mutation
async def create(ctx: MutationCtx, *, full_name: str):
    return full_name
