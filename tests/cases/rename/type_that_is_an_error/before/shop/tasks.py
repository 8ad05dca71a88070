from schemagen import AppError, MutationCtx, mutation


class TooMany(AppError):
    limit: int


@mutation(raises=[TooMany])
async def create(ctx: MutationCtx) -> None: ...
