from typing import Annotated

from schemagen import QueryCtx, Table, query, renamed_from


class Contact(Table, name="contacts", renamed_from="People"):
    full_name: Annotated[str, renamed_from("full name")]


@query(renamed_from="contacts/all")
async def list_(ctx: QueryCtx) -> list[Contact]:
    return []
