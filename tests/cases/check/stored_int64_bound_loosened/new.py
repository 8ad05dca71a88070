from schemagen import Int64, MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    count: Int64


@mutation
async def clear(ctx: MutationCtx) -> None: ...
