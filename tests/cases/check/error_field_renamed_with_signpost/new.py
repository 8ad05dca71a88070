from typing import Annotated

from schemagen import AppError, MutationCtx, mutation, renamed_from


class QuotaExceeded(AppError):
    """At most {most}."""

    most: Annotated[int, renamed_from("limit")]


@mutation(raises=[QuotaExceeded])
async def save(ctx: MutationCtx) -> None: ...
