from schemagen import AppError, MutationCtx, mutation


class Full(AppError):
    """There is no room."""


@mutation(raises=[Full, KeyError])
async def create(ctx: MutationCtx) -> None: ...
