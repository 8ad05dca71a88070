from datetime import date
from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, due_on: Annotated[date, Field(description="When.")]) -> None: ...
