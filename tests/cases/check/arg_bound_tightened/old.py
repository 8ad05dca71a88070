from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, count: Annotated[int, Field(ge=0)]) -> None: ...
