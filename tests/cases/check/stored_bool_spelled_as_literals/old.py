from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    done: bool


@mutation
async def clear(ctx: MutationCtx) -> None: ...
