from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, slug: Annotated[str, Field(pattern=r"^[a-z]+$")]) -> None: ...
