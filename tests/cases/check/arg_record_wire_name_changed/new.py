from pydantic import BaseModel, Field

from schemagen import QueryCtx, query


class Filter(BaseModel):
    stage: str = Field(alias="@stage")


@query
async def search(ctx: QueryCtx, *, filter: Filter) -> None: ...
