from schemagen import MutationCtx, mutation

name = "a task"


@mutation
async def create(ctx: MutationCtx, *, title: str) -> str:
    return title or name
