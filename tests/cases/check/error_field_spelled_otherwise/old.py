from schemagen import AppError, MutationCtx, mutation


class QuotaExceeded(AppError):
    """At most {level_1}."""

    level_1: int


@mutation(raises=[QuotaExceeded])
async def save(ctx: MutationCtx) -> None: ...
