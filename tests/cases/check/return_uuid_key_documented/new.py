from typing import Annotated
from uuid import UUID

from pydantic import Field

from schemagen import QueryCtx, query


@query
async def load(ctx: QueryCtx) -> Annotated[dict[UUID, int], Field(description="By id.")]: ...
