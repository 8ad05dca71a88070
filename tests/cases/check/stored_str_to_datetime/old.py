from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    due_at: str


@mutation
async def clear(ctx: MutationCtx) -> None: ...
