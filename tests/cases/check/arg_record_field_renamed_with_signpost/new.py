from typing import Annotated

from pydantic import BaseModel

from schemagen import QueryCtx, query, renamed_from


class Filter(BaseModel):
    text: str
    phase: Annotated[str, renamed_from("stage")]


@query
async def search(ctx: QueryCtx, *, filter: Filter) -> None: ...
