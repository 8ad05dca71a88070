from schemagen import MutationCtx, mutation


@mutation
async def create(ctx: MutationCtx, *, title: str, note: str = "") -> str:
    return title


@mutation
async def copy(ctx: MutationCtx, *, title: str) -> str:
    return title
