from datetime import time

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    opens_at: time


@mutation
async def clear(ctx: MutationCtx) -> None: ...
