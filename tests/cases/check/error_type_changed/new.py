from schemagen import AppError, MutationCtx, mutation


class Refused(AppError):
    value: str


@mutation(raises=[Refused])
async def save(ctx: MutationCtx) -> None: ...
