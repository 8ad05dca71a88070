from typing import Annotated

from pydantic import BaseModel

from schemagen import MutationCtx, Table, mutation, renamed_from


class Filter(BaseModel):
    text: str
    phase: Annotated[str, renamed_from("stage")]


class View(Table, name="views"):
    filter: Filter


@mutation
async def clear(ctx: MutationCtx) -> None: ...
