from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    content: Annotated[bytes, Field(max_length=8)]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
