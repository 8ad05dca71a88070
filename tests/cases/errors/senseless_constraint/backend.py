from typing import Annotated

from pydantic import Field

from schemagen import Open, QueryCtx, query


@query
async def find(
    ctx: QueryCtx, *, size: Annotated[int, Field(min_length=1)], name: Open[str], sizes: Annotated[list[int], Field(ge=1)]
) -> None: ...
