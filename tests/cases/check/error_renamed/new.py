from schemagen import AppError, MutationCtx, mutation


class LimitReached(AppError):
    """At most {limit}."""

    limit: int


@mutation(raises=[LimitReached])
async def save(ctx: MutationCtx) -> None: ...
