from datetime import timedelta

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, lasts: timedelta) -> None: ...
