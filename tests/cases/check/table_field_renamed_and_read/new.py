from typing import Annotated

from schemagen import Id, QueryCtx, Table, query, renamed_from


class Contact(Table, name="contacts"):
    full_name: Annotated[str, renamed_from("name")]


@query
async def get(ctx: QueryCtx, *, id: Id[Contact]) -> Contact: ...
