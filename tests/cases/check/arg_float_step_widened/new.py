from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, hours: Annotated[float, Field(multiple_of=0.25)]) -> None: ...
