from schemagen import AppError, MutationCtx, mutation


class HTTPError(AppError):
    """At most {limit}."""

    limit: int


@mutation(raises=[HTTPError])
async def save(ctx: MutationCtx) -> None: ...
