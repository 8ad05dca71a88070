from pydantic import BaseModel

from schemagen import QueryCtx, query


class Filter(BaseModel):
    stage: str = "lead"


@query
async def search(ctx: QueryCtx, *, filter: Filter) -> None: ...
