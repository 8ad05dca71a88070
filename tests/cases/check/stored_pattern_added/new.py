from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    slug: Annotated[str, Field(pattern=r"^[a-z]+$")]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
