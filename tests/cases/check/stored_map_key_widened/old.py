from typing import Literal

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    counts: dict[Literal["new", "old"], int]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
