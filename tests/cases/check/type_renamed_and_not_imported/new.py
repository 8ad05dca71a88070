from pydantic import BaseModel

from schemagen import QueryCtx, query


class Criteria(BaseModel):
    text: str


@query
async def search(ctx: QueryCtx, *, filter: Criteria) -> Criteria: ...
