from typing import Any

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    value: Any


@mutation
async def clear(ctx: MutationCtx) -> None: ...
