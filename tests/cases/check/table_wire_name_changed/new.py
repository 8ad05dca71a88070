from pydantic import Field

from schemagen import MutationCtx, Table, mutation


class Contact(Table, name="contacts"):
    name: str = Field(alias="@name")


@mutation
async def clear(ctx: MutationCtx) -> None: ...
