from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    amount: float


@mutation
async def clear(ctx: MutationCtx) -> None: ...
