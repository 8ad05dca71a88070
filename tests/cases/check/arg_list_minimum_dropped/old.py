from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, tags: Annotated[list[str], Field(min_length=1)]) -> None: ...
