from collections.abc import Callable
from enum import Enum, Flag
from pathlib import Path
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel

from schemagen import FIRST, Id, Page, QueryCtx, Table, query

T = TypeVar("T")


class Owned(Table):
    owner: str


class Contact(Owned, name="contacts"): ...


class Box(BaseModel, Generic[T]):
    inside: T


class Size(Enum):
    SMALL = 1.5


class Mode(Flag):
    READ = 1
    WRITE = 2


class Shape(BaseModel):
    corners: list[complex]


@query
async def wrong(
    ctx: QueryCtx,
    *,
    path: Path,
    anything: object,
    items: list,
    mapping: dict[str, list[Callable[[], int]]],
    box: Box,
    base: Owned,
    size: Size,
    mode: Mode,
    shapes: set[Shape],
    literal: Literal[b"x"],
) -> dict[str, Shape]: ...
