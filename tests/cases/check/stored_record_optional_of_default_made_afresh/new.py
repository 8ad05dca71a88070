from pydantic import BaseModel

from schemagen import MutationCtx, Table, mutation


class Filter(BaseModel):
    tags: list[str] = []


class View(Table, name="views"):
    filter: Filter


@mutation
async def clear(ctx: MutationCtx) -> None: ...
