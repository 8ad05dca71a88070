from typing import Literal

from schemagen import MutationCtx, Table, mutation


class Contact(Table, name="contacts"):
    size: Literal[1, 2]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
