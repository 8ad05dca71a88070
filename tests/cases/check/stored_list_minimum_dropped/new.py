from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    tags: list[str]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
