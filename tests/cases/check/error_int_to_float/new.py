from schemagen import AppError, MutationCtx, mutation


class Refused(AppError):
    value: float


@mutation(raises=[Refused])
async def save(ctx: MutationCtx) -> None: ...
