from datetime import date

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, due_on: date) -> None: ...
