from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    size: int | str | None


@mutation
async def clear(ctx: MutationCtx) -> None: ...
