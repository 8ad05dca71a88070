from typing import Literal

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, done: Literal[True, False]) -> None: ...
