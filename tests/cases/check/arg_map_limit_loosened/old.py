from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, counts: Annotated[dict[str, int], Field(max_length=3)]) -> None: ...
