from datetime import time

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, opens_at: time) -> None: ...
