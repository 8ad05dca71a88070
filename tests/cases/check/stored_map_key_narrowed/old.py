from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    counts: dict[str, int]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
