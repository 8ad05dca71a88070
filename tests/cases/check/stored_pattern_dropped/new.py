from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    slug: str


@mutation
async def clear(ctx: MutationCtx) -> None: ...
