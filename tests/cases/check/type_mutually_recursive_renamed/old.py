from pydantic import BaseModel

from schemagen import QueryCtx, query


class Folder(BaseModel):
    files: "list[File]"


class File(BaseModel):
    parent: Folder | None


@query
async def root(ctx: QueryCtx) -> Folder: ...
