from pydantic import BaseModel

from schemagen import QueryCtx, query


class Summary(BaseModel):
    people: int


@query
async def summary(ctx: QueryCtx) -> Summary:
    return Summary(people=1)
