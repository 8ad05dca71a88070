from pydantic import BaseModel, Field

from schemagen import QueryCtx, query


class Filter(BaseModel):
    stage: str = Field(alias="@stage")


@query
async def load(ctx: QueryCtx) -> Filter: ...
