from datetime import date

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    due_on: date


@mutation
async def clear(ctx: MutationCtx) -> None: ...
