from schemagen import MutationCtx, mutation

from old.errors import QuotaExceeded


@mutation(raises=[QuotaExceeded])
async def save(ctx: MutationCtx) -> None: ...
