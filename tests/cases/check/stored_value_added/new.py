from typing import Literal

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    stage: Literal["lead", "won", "lost"]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
