from pydantic import BaseModel

from schemagen import QueryCtx, query


class Filter(BaseModel):
    tags: list[str] = []


@query
async def search(ctx: QueryCtx, *, filter: Filter) -> None: ...
