from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    tags: Annotated[list[str], Field(max_length=3)]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
