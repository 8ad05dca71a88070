from datetime import date

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, counts: dict[date, int]) -> None: ...
