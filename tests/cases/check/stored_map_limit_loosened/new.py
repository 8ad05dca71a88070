from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    counts: Annotated[dict[str, int], Field(max_length=9)]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
