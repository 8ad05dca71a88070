"""Tables and types."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Annotated, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field, RootModel
from typing_extensions import NotRequired, TypeAliasType, TypedDict, deprecated

from schemagen import AppError, Id, Int64, JsonValue, Open, Table, index, search_index

T = TypeVar("T")

Stage = Literal["lead", "qualified", "won", "lost"]
"""How far a contact has come."""

Channel = Literal["web", "phone"]


class Plan(StrEnum):
    """What a company pays for."""

    FREE = "free"
    """Nothing."""
    TEAM = "team"


class Priority(IntEnum):
    LOW = 1
    HIGH = 2


class Company(Table, name="companies"):
    """A customer."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    plan: Plan = Plan.FREE


class Owned(Table):
    company_id: Id[Company]
    """Whose it is."""

    by_company = index("company_id")


class Address(BaseModel):
    """Where something is."""

    street: str
    location: tuple[float, float] | None = None


class Created(BaseModel):
    kind: Literal["created"] = "created"
    by: str


class Moved(BaseModel):
    kind: Literal["moved"] = "moved"
    stage: "Change[Stage]"


Event = Annotated[Created | Moved, Field(discriminator="kind")]
"""What happened."""


class Change(BaseModel, Generic[T]):
    before: T
    after: T


class Contact(Owned, name="contacts"):
    """A person."""

    full_name: str = Field(description="First and last name.")
    stage: Stage = "lead"
    channel: Open[Channel] = "web"
    priority: Open[Priority] = Priority.LOW
    number: Int64 = 0
    score: float = 0
    balance: Annotated[Decimal, Field(ge=0, decimal_places=2)] = Decimal("0.00")
    token: UUID | None = None
    next_task_due_at: datetime | None = None
    birthday: date | None = None
    wakes_at: time = time(7, 30)
    repeat_every: timedelta = timedelta(days=1)
    picture: bytes = b""
    address: Address | None = None
    labels: set[str] = set()
    custom: dict[str, JsonValue] = {}
    events: list[Event] = []
    old_name: str | None = Field(None, deprecated="use full_name")

    by_stage = index("company_id", "stage")
    search_name = search_index("full_name", filters=["company_id", "stage"])


class Names(RootModel[list[str]]):
    """Some names."""


Tree = TypeAliasType("Tree", "str | list[Tree]")
"""Text in boxes."""


@dataclass
class Range:
    """From one to the other."""

    start: int
    """The first."""
    end: int | None = None
    marks: list[int] = field(default_factory=list)


class Extent(TypedDict):
    width: int
    """In millimetres."""
    height: NotRequired[int]


@deprecated("use Range")
class OldRange(BaseModel):
    start: int = Field(alias="@start")


class QuotaExceeded(AppError):
    """You have used all {limit} contacts."""

    limit: int
    """How many there can be."""
    plan: Plan = Plan.FREE
