from typing import Literal

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, counts: dict[Literal["new", "old"], int]) -> None: ...
