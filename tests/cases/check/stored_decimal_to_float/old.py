from decimal import Decimal

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    amount: Decimal


@mutation
async def clear(ctx: MutationCtx) -> None: ...
