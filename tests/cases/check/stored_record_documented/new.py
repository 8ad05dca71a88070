from typing import Annotated

from pydantic import BaseModel, Field

from schemagen import MutationCtx, Table, mutation


"""Filters."""


class Filter(BaseModel):
    """What to look for."""

    text: Annotated[str, Field(description="A word.", deprecated="use words")]


class View(Table, name="views"):
    filter: Filter


@mutation
async def clear(ctx: MutationCtx) -> None: ...
