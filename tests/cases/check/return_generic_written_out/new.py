from pydantic import BaseModel

from schemagen import QueryCtx, query


class IntBox(BaseModel):
    content: int


@query
async def open_box(ctx: QueryCtx) -> IntBox: ...
