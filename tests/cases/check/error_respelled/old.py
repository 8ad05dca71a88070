from schemagen import AppError, MutationCtx, mutation


class HttpError(AppError):
    """At most {limit}."""

    limit: int


@mutation(raises=[HttpError])
async def save(ctx: MutationCtx) -> None: ...
