from pydantic import BaseModel

from schemagen import QueryCtx, query


class Branch(BaseModel):
    name: str
    children: "list[Tree]"


class Tree(BaseModel):
    name: str
    children: list[Branch]


@query
async def root(ctx: QueryCtx) -> Tree: ...
