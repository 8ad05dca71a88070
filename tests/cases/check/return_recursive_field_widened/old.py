from pydantic import BaseModel

from schemagen import QueryCtx, query


class Tree(BaseModel):
    name: str
    children: list["Tree"]


@query
async def root(ctx: QueryCtx) -> Tree: ...
