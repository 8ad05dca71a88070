from datetime import time
from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, opens_at: Annotated[time, Field(description="When.")]) -> None: ...
