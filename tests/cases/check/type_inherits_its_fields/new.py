from pydantic import BaseModel

from schemagen import QueryCtx, query


class Base(BaseModel):
    text: str


class Filter(Base):
    pass


@query
async def search(ctx: QueryCtx, *, filter: Filter) -> Filter: ...
