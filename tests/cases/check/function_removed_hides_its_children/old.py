from pydantic import BaseModel

from schemagen import QueryCtx, query


class Filter(BaseModel):
    text: str


@query
async def ping(ctx: QueryCtx) -> None: ...


@query
async def search(ctx: QueryCtx, *, filter: Filter) -> list[Filter]: ...
