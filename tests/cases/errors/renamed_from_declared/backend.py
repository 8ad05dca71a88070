from typing import Annotated

from schemagen import QueryCtx, Table, query, renamed_from


class Person(Table, name="people"):
    name: str


class Contact(Table, name="contacts", renamed_from="people"):
    name: str
    full_name: Annotated[str, renamed_from("name")]


@query
async def list_(ctx: QueryCtx) -> list[Contact]:
    return []


@query(renamed_from=["latest", "list_"])
async def newest(ctx: QueryCtx) -> list[Contact]:
    return []
