from typing import Annotated

from pydantic import BaseModel, Field

from schemagen import QueryCtx, query


"""Filters."""


class Filter(BaseModel):
    """What to look for."""

    text: Annotated[str, Field(description="A word.", deprecated="use words")]


@query
async def search(ctx: QueryCtx, *, filter: Filter) -> None: ...
