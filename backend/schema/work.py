"""What agents have to do, and what they did."""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, Field

from backend.schema.company import Agent, InCompany, Name, Owned
from backend.schema.contacts import Channel, Contact, Note, Stage
from backend.schema.sales import Deal
from schemagen import Id, Open, index, ref

T = TypeVar("T")

TaskStatus = Literal["open", "done"]
CallOutcome = Literal["answered", "voicemail", "no_answer", "wrong_number"]


class Priority(IntEnum):
    """How urgent a task is; a number, so that it sorts."""

    LOW = 1
    NORMAL = 2
    HIGH = 3


class Task(Owned, name="tasks"):
    """Something an agent has to do, often about a contact or a deal."""

    title: Name
    status: TaskStatus = "open"
    priority: Priority = Priority.NORMAL
    due_at: datetime | None = None
    """None: whenever there is time."""
    repeat_every: timedelta | None = None
    """Completing the task creates it again, due this much later."""
    contact_id: Id[Contact] | None = ref(on_delete="cascade", default=None)
    deal_id: Id[Deal] | None = ref(on_delete="set_null", default=None)
    completed_at: datetime | None = None

    by_company = index("company_id", "status", "due_at")
    by_team = index("company_id", "team_id", "status", "due_at")
    by_owner = index("company_id", "owner_id", "status", "due_at")
    by_contact = index("contact_id", "status")
    by_deal = index("deal_id")


class Change(BaseModel, Generic[T]):
    """What a value was, and what it became."""

    before: T
    after: T


class ContactCreated(BaseModel):
    """A contact was added."""

    kind: Literal["contact_created"] = "contact_created"
    channel: Open[Channel]


class StageChanged(BaseModel):
    """A contact came further, or fell back."""

    kind: Literal["stage_changed"] = "stage_changed"
    stage: Change[Stage]


class OwnerChanged(BaseModel):
    """Somebody else answers for a contact from now on."""

    kind: Literal["owner_changed"] = "owner_changed"
    from_agent: Id[Agent]
    to_agent: Id[Agent]


class NoteAdded(BaseModel):
    """Somebody wrote a note."""

    kind: Literal["note_added"] = "note_added"
    note_id: Id[Note]
    excerpt: str
    """Its first 80 characters."""


class CallLogged(BaseModel):
    """Somebody called."""

    kind: Literal["call_logged"] = "call_logged"
    duration: timedelta
    outcome: Open[CallOutcome]


class TaskCompleted(BaseModel):
    """A task was done."""

    kind: Literal["task_completed"] = "task_completed"
    task_id: Id[Task]
    title: str


class DealCreated(BaseModel):
    """A deal began."""

    kind: Literal["deal_created"] = "deal_created"
    deal_id: Id[Deal]
    amount: Decimal


class DealMoved(BaseModel):
    """A deal went to another stage, named as the stages were called then."""

    kind: Literal["deal_moved"] = "deal_moved"
    deal_id: Id[Deal]
    stage: Change[str]


class DealClosed(BaseModel):
    """A deal was won or lost."""

    kind: Literal["deal_closed"] = "deal_closed"
    deal_id: Id[Deal]
    won: bool
    amount: Decimal


ActivityPayload = Annotated[
    ContactCreated
    | StageChanged
    | OwnerChanged
    | NoteAdded
    | CallLogged
    | TaskCompleted
    | DealCreated
    | DealMoved
    | DealClosed,
    Field(discriminator="kind"),
]
"""What happened, told apart by `kind`."""


class ActivityKind(StrEnum):
    """The kinds of `ActivityPayload`, for settings that name them."""

    CONTACT_CREATED = "contact_created"
    STAGE_CHANGED = "stage_changed"
    OWNER_CHANGED = "owner_changed"
    NOTE_ADDED = "note_added"
    CALL_LOGGED = "call_logged"
    TASK_COMPLETED = "task_completed"
    DEAL_CREATED = "deal_created"
    DEAL_MOVED = "deal_moved"
    DEAL_CLOSED = "deal_closed"


class Activity(Owned, name="activities"):
    """Something that happened to a contact, owned by whoever owned the contact or deal then."""

    contact_id: Id[Contact]
    actor_id: Id[Agent] | None
    """Who did it; None if it came from outside, such as a web form."""
    payload: ActivityPayload

    by_company = index("company_id")
    by_team = index("company_id", "team_id")
    by_owner = index("company_id", "owner_id")
    by_contact = index("contact_id")


class NotificationSettings(InCompany, name="notification_settings"):
    """What an agent does not want to hear about."""

    agent_id: Id[Agent]
    muted: set[ActivityKind] = set()

    by_agent = index("agent_id", unique=True)
