from typing import Annotated

from pydantic import Field

from schemagen import Int64, MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    count: Annotated[Int64, Field(ge=1)]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
