from typing import Literal

from schemagen import MutationCtx, Open, mutation


@mutation
async def save(ctx: MutationCtx, *, stage: Open[Literal["lead", "won"]]) -> None: ...
