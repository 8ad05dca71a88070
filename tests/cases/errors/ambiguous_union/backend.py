from datetime import datetime
from enum import Enum
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from schemagen import Id, Int64, QueryCtx, Table, query


class Contact(Table, name="contacts"):
    name: str


class Size(Enum):
    TEN = "10"
    LARGE = "large"


class Cat(BaseModel):
    meows: bool


class Dog(BaseModel):
    barks: bool


class Bird(BaseModel):
    kind: Literal["bird", "dog"]


class Fish(BaseModel):
    kind: Literal["fish", "dog"]


@query
async def wrong(
    ctx: QueryCtx,
    *,
    number: int | float,
    moment: str | datetime,
    who: Id[Contact] | str | None,
    pet: Cat | Dog,
    other: Bird | Fish,
    group: list[int] | tuple[int, int],
    record: dict[str, int] | Cat,
    one: Literal[1] | int,
    long: Int64 | int,
    flag: Literal[1, 2] | bool,
    size: Size | int,
) -> None: ...


@query
async def right(
    ctx: QueryCtx,
    *,
    amount: int | str,
    many: str | list[str] | None,
    flag: bool | int,
    pet: Cat | str | list[Dog],
    stage: Literal["a"] | Literal["b"],
) -> None: ...
