from typing import Literal

from pydantic import BaseModel

from schemagen import QueryCtx, query


class Summary(BaseModel):
    deals: int


@query
async def summary(ctx: QueryCtx) -> Summary:
    return Summary(deals=1)
