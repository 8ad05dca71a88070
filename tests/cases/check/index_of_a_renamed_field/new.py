from typing import Annotated

from schemagen import MutationCtx, Table, index, mutation, renamed_from


class Contact(Table, name="contacts"):
    full_name: Annotated[str, renamed_from("name")]

    by_name = index("full_name")


@mutation
async def clear(ctx: MutationCtx) -> None: ...
