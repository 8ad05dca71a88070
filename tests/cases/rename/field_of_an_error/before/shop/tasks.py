from schemagen import AppError, MutationCtx, mutation


class TooMany(AppError):
    """Only {limit} tasks may be open, not {count:>3} ({limit!r})."""

    limit: int
    count: int


class TooFew(AppError):
    """At least {limit}."""

    limit: int


@mutation(raises=[TooMany, TooFew])
async def add(ctx: MutationCtx, *, limit: int) -> None:
    try:
        raise TooMany(limit=limit, count=1)
    except TooMany as error:
        raise TooFew(limit=error.limit) from error
