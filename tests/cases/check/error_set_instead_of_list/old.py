from schemagen import AppError, MutationCtx, mutation


class Refused(AppError):
    tags: list[str]


@mutation(raises=[Refused])
async def save(ctx: MutationCtx) -> None: ...
