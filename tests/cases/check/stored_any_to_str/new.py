from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    value: str


@mutation
async def clear(ctx: MutationCtx) -> None: ...
