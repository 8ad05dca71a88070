from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    tags: Annotated[list[str], Field(min_length=1)]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
