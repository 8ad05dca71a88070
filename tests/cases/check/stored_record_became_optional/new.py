from pydantic import BaseModel

from schemagen import MutationCtx, Table, mutation


class Filter(BaseModel):
    stage: str = "lead"


class View(Table, name="views"):
    filter: Filter


@mutation
async def clear(ctx: MutationCtx) -> None: ...
