from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    size: None | str | int


@mutation
async def clear(ctx: MutationCtx) -> None: ...
