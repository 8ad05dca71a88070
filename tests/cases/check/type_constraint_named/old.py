from typing import Annotated

from pydantic import Field

from schemagen import QueryCtx, query


@query
async def search(ctx: QueryCtx, *, text: Annotated[str, Field(max_length=9)]) -> None: ...
