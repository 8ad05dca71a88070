from pydantic import BaseModel

from schemagen import QueryCtx, query


class Unused(BaseModel):
    text: str


@query
async def ping(ctx: QueryCtx) -> None: ...
