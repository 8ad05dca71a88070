from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, title: Annotated[str, Field(max_length=40)]) -> None: ...
