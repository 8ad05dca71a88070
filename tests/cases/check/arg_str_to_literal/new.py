from typing import Literal

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, stage: Literal["lead", "won"]) -> None: ...
