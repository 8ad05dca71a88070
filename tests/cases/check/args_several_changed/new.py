from typing import Annotated

from pydantic import Field

from schemagen import QueryCtx, query


@query
async def search(ctx: QueryCtx, *, text: int, limit: Annotated[int, Field(le=100)]) -> None: ...
