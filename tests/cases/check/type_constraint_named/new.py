from typing import Annotated

from pydantic import Field

from schemagen import QueryCtx, query

Text = Annotated[str, Field(max_length=9)]


@query
async def search(ctx: QueryCtx, *, text: Text) -> None: ...
