from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    tags: set[str]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
