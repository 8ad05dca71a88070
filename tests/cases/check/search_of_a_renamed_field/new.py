from typing import Annotated

from schemagen import MutationCtx, Table, mutation, renamed_from, search_index


class Contact(Table, name="contacts"):
    full_name: Annotated[str, renamed_from("name")]

    search_name = search_index("full_name")


@mutation
async def clear(ctx: MutationCtx) -> None: ...
