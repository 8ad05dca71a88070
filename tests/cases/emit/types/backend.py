"""Every type the wire can carry, and each kind of default."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import AllowInfNan, BaseModel, Field
from typing_extensions import TypedDict

from schemagen import Id, Int64, JsonValue, MutationCtx, Open, QueryCtx, Table, index, mutation, query

T = TypeVar("T")


class Thing(Table, name="things"):
    name: str

    by_name = index("name")


class Color(Enum):
    RED = "red"
    GREEN = "green"


class Size(IntEnum):
    SMALL = 1
    LARGE = 2


class Scalars(BaseModel):
    """One of each."""

    flag: bool
    count: int
    large: Int64
    ratio: float
    any_ratio: Annotated[float, AllowInfNan(True)]
    text: Annotated[str, Field(min_length=1, max_length=80, pattern="^[a-z]")]
    raw: bytes
    price: Annotated[Decimal, Field(max_digits=10, decimal_places=2)]
    key: UUID
    at: datetime
    day: date
    clock: time
    takes: timedelta
    thing: Id[Thing]
    color: Color
    size: Size
    anything: Any
    json_value: JsonValue
    nothing: None


class Defaults(BaseModel):
    """What may be left out when it is sent."""

    flag: bool = True
    count: int = 3
    ratio: float = 0.5
    text: str = 'say "hi"'
    nullable: str | None = None
    stage: Literal["new", "won"] = "new"
    tags: list[str] = []
    by_name: dict[str, int] = {}
    color: Color = Color.RED
    takes: timedelta = timedelta(days=1, seconds=2.5)
    fresh: list[int] = Field(default_factory=lambda: [1, 2])
    renamed: int = Field(default=1, alias="@count")


@dataclass
class Point:
    x: float
    y: float = 0.0


class Options(TypedDict):
    depth: int
    label: str | None


class Pair(BaseModel, Generic[T]):
    first: T
    second: T


class Containers(BaseModel):
    names: list[str]
    unique: set[int]
    point: tuple[float, float]
    by_id: dict[Id[Thing], int]
    by_day: dict[date, list[Point]]
    nested: dict[str, dict[str, Pair[int]]]
    open_color: Open[Color]
    open_word: Open[Literal["yes", "no"]]
    open_number: Open[Literal[1, 2]]


@query
async def scalars(ctx: QueryCtx, *, value: Scalars) -> Scalars:
    return value


@query
async def containers(ctx: QueryCtx, *, value: Containers) -> Containers:
    return value


@mutation
async def defaults(ctx: MutationCtx, *, value: Defaults, also: int = 7, maybe: str | None = None) -> Defaults:
    return value


@query
async def point(ctx: QueryCtx, *, point: Point, options: Options) -> Pair[Point]:
    return Pair(first=point, second=point)


@query
async def several(
    ctx: QueryCtx,
    *,
    first_of_many_arguments: str,
    second_of_many_arguments: int,
    third_of_many_arguments: list[Literal["a", "b"]],
    fourth_of_many_arguments: dict[str, Decimal] | None = None,
) -> tuple[int, str, list[Color]]:
    """Arguments that take more than a line."""
    return 1, "a", [Color.RED]


@query
async def nothing(ctx: QueryCtx) -> None:
    """No argument, no result."""
