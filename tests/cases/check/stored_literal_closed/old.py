from typing import Literal

from schemagen import MutationCtx, Open, Table, mutation


class Deal(Table, name="deals"):
    stage: Open[Literal["lead", "won"]]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
