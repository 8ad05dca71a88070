from typing import Annotated
from uuid import UUID

from pydantic import Field

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, counts: Annotated[dict[UUID, int], Field(description="By id.")]) -> None: ...
