from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    title: Annotated[str, Field(max_length=40)]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
