from pydantic import BaseModel

from schemagen import MutationCtx, mutation


class Tree(BaseModel):
    name: str
    children: list["Tree"]


@mutation
async def plant(ctx: MutationCtx, *, tree: Tree) -> None: ...
