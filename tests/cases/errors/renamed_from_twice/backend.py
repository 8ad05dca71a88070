from typing import Annotated

from schemagen import QueryCtx, Table, query, renamed_from


class Lead(Table, name="leads", renamed_from="people"):
    name: str


class Contact(Table, name="contacts", renamed_from="people"):
    first_name: Annotated[str, renamed_from("name")]
    last_name: Annotated[str, renamed_from("name")]


@query(renamed_from="all_contacts")
async def list_(ctx: QueryCtx) -> list[Contact]:
    return []


@query(renamed_from="allContacts")
async def newest(ctx: QueryCtx) -> list[Contact]:
    return []
