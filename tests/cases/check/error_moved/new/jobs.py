from schemagen import MutationCtx, mutation

from new.mistakes import QuotaExceeded


@mutation(raises=[QuotaExceeded])
async def save(ctx: MutationCtx) -> None: ...
