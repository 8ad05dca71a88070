from datetime import date
from typing import Annotated

from pydantic import Field

from schemagen import QueryCtx, query


@query
async def load(ctx: QueryCtx) -> Annotated[date, Field(description="When.")]: ...
