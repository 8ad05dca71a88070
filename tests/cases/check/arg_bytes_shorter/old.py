from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, content: Annotated[bytes, Field(max_length=16)]) -> None: ...
