"""A value of every type, there and back."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from schemagen import Id, Int64, JsonValue, Open, QueryCtx, query

from .schema import Card


class Mood(Enum):
    GOOD = "good"
    BAD = "bad"


class Circle(BaseModel):
    kind: Literal["circle"]
    radius: float


class Blob(BaseModel):
    kind: Literal["blob"]
    data: bytes
    size: Int64


class Everything(BaseModel):
    model_config = ConfigDict(ser_json_inf_nan="constants")

    text: str
    yes: bool
    whole: int
    large: Int64
    real: float
    any_real: Annotated[float, Field(allow_inf_nan=True)]
    exact: Decimal
    unique: UUID
    at: datetime
    day: date
    clock: time
    span: timedelta
    raw: bytes
    card: Id[Card]
    mood: Mood
    open_mood: Open[Mood]
    maybe: str | None
    with_default: int = 7
    items: list[Int64]
    pair: tuple[int, bytes]
    words: set[str]
    by_name: dict[str, Int64]
    shape: Annotated[Circle | Blob, Field(discriminator="kind")]
    either: list[int] | bytes | bool
    children: list["Everything"] = []
    json_value: JsonValue = None
    anything: Any = None


@query
async def echo(ctx: QueryCtx, *, value: Everything) -> Everything:
    return value


@query
async def total(ctx: QueryCtx, *, amounts: list[Int64]) -> Int64:
    return sum(amounts)
