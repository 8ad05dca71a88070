from typing import Literal

from schemagen import MutationCtx, Table, mutation


class Contact(Table, name="contacts"):
    stage: Literal["lead", "won"]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
