from schemagen import MutationCtx, mutation


@mutation
async def create(ctx: MutationCtx, *, title: str) -> str:
    return title
