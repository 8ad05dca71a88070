from typing import Annotated

from schemagen import MutationCtx, Table, mutation, renamed_from


class Contact(Table, name="contacts"):
    name: Annotated[str, renamed_from("nick")]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
