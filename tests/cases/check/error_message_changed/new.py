from schemagen import AppError, MutationCtx, mutation


class QuotaExceeded(AppError):
    """No more than {limit}."""

    limit: int


@mutation(raises=[QuotaExceeded])
async def save(ctx: MutationCtx) -> None: ...
