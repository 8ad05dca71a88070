from typing import Annotated

from pydantic import Field

from schemagen import Int64, MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, count: Annotated[Int64, Field(ge=1)]) -> None: ...
