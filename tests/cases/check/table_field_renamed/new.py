from typing import Annotated

from schemagen import MutationCtx, Table, mutation, renamed_from


class Contact(Table, name="contacts"):
    full_name: Annotated[str, renamed_from("name")]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
