from datetime import datetime

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    due_at: datetime


@mutation
async def clear(ctx: MutationCtx) -> None: ...
