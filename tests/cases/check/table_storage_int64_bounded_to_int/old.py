from typing import Annotated

from pydantic import Field

from schemagen import Int64, MutationCtx, Table, mutation


class Contact(Table, name="contacts"):
    count: Annotated[Int64, Field(ge=0, le=1000)]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
