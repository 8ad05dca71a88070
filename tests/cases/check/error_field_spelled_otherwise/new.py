from schemagen import AppError, MutationCtx, mutation


class QuotaExceeded(AppError):
    """At most {level1}."""

    level1: int


@mutation(raises=[QuotaExceeded])
async def save(ctx: MutationCtx) -> None: ...
