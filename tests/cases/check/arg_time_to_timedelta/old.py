from datetime import time

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, lasts: time) -> None: ...
