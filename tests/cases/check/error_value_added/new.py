from typing import Literal

from schemagen import AppError, MutationCtx, mutation


class Refused(AppError):
    stage: Literal["lead", "won", "lost"]


@mutation(raises=[Refused])
async def save(ctx: MutationCtx) -> None: ...
