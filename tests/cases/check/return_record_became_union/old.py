from typing import Literal

from pydantic import BaseModel

from schemagen import QueryCtx, query


class Call(BaseModel):
    kind: Literal["call"] = "call"
    minutes: int


@query
async def last(ctx: QueryCtx) -> Call: ...
