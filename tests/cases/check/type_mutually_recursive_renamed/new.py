from pydantic import BaseModel

from schemagen import QueryCtx, query


class Directory(BaseModel):
    files: "list[Document]"


class Document(BaseModel):
    parent: Directory | None


@query
async def root(ctx: QueryCtx) -> Directory: ...
