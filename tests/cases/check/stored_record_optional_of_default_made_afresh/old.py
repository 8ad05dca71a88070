from pydantic import BaseModel, Field

from schemagen import MutationCtx, Table, mutation


class Filter(BaseModel):
    tags: list[str] = Field(default_factory=list)


class View(Table, name="views"):
    filter: Filter


@mutation
async def clear(ctx: MutationCtx) -> None: ...
