from pydantic import BaseModel

from schemagen import QueryCtx, query


class Filter(BaseModel):
    stage: str


@query
async def search(ctx: QueryCtx, *, text: str, filter: Filter | None = None) -> list[str]: ...
