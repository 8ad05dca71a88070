from datetime import datetime

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, due_on: datetime) -> None: ...
