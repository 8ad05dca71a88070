from pydantic import BaseModel

from schemagen import QueryCtx, query


class Filter(BaseModel):
    text: str | None


@query
async def load(ctx: QueryCtx) -> Filter: ...
