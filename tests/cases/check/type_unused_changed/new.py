from pydantic import BaseModel

from schemagen import QueryCtx, query


class Unused(BaseModel):
    count: int


@query
async def ping(ctx: QueryCtx) -> None: ...
