from schemagen import AppError, MutationCtx, mutation


class Refused(AppError):
    value: int


@mutation(raises=[Refused])
async def save(ctx: MutationCtx) -> None: ...
