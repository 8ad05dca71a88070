from typing import Annotated

from pydantic import Field

from schemagen import QueryCtx, query


@query
async def load(ctx: QueryCtx) -> Annotated[list[str], Field(min_length=1)]: ...
