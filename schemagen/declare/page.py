"""Pages of a long result, and how one is asked for."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, Field

T = TypeVar("T")


class PageRequest(BaseModel, frozen=True):
    """Which page: after `cursor` (the `next_cursor` of the page before, None for the first), at most `size` items."""

    cursor: str | None = None
    size: Annotated[int, Field(ge=1, le=1000)] = 50


FIRST = PageRequest()
"""The first page, of 50 items."""


class Page(BaseModel, Generic[T]):
    """One page of a result: its items, and where the next page starts; None if this is the last."""

    items: list[T]
    next_cursor: str | None
