from decimal import Decimal

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, amount: Decimal) -> None: ...
