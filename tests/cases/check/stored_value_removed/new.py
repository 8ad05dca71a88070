from typing import Literal

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    stage: Literal["lead", "won"]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
