from datetime import time
from typing import Annotated

from pydantic import Field

from schemagen import QueryCtx, query


@query
async def load(ctx: QueryCtx) -> Annotated[time, Field(description="When.")]: ...
