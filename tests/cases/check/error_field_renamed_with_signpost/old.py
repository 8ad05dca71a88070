from schemagen import AppError, MutationCtx, mutation


class QuotaExceeded(AppError):
    """At most {limit}."""

    limit: int


@mutation(raises=[QuotaExceeded])
async def save(ctx: MutationCtx) -> None: ...
