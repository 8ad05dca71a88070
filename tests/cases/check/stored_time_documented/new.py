from datetime import time
from typing import Annotated

from pydantic import Field

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    opens_at: Annotated[time, Field(description="When.")]


@mutation
async def clear(ctx: MutationCtx) -> None: ...
