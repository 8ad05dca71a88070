from pydantic import BaseModel, Field

from schemagen import QueryCtx, query


class Filter(BaseModel):
    tags: list[str] = Field(default_factory=list)


@query
async def search(ctx: QueryCtx, *, filter: Filter) -> None: ...
