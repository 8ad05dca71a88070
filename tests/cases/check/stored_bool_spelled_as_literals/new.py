from typing import Literal

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    done: Literal[True, False]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
