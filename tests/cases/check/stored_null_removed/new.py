from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    value: int


@mutation
async def clear(ctx: MutationCtx) -> None: ...
