from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    value: int | None


@mutation
async def clear(ctx: MutationCtx) -> None: ...
