from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, minutes: Annotated[int, Field(multiple_of=5)]) -> None: ...
