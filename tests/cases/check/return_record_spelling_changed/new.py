from pydantic import BaseModel, Field

from schemagen import QueryCtx, query


class Filter(BaseModel):
    sender: str = Field(alias="from")


@query
async def load(ctx: QueryCtx) -> Filter: ...
