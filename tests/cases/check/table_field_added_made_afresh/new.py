from pydantic import Field

from schemagen import MutationCtx, Table, mutation


class Contact(Table, name="contacts"):
    name: str
    tags: list[str] = Field(default_factory=list)


@mutation
async def clear(ctx: MutationCtx) -> None: ...
