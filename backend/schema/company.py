"""A company and the people who work in it."""

from datetime import datetime, time
from enum import StrEnum
from typing import Annotated, Literal, get_args
from uuid import UUID

from pydantic import BaseModel, Field

from schemagen import Id, Int64, JsonValue, Table, index, ref

Name = Annotated[str, Field(min_length=1, max_length=200)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

Permission = Literal[
    "company.manage",
    "roles.manage",
    "teams.manage",
    "agents.manage",
    "invitations.manage",
    "pipelines.manage",
    "tags.manage",
    "leads.manage",
    "contacts.view",
    "contacts.create",
    "contacts.edit",
    "contacts.delete",
    "contacts.assign",
    "contacts.import",
    "contacts.export",
    "deals.view",
    "deals.create",
    "deals.edit",
    "deals.delete",
    "tasks.view",
    "tasks.edit",
    "notes.view",
    "notes.edit",
    "activities.view",
]
"""What a role allows. Whose records it allows it for is the role's `Scope`."""

PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

Scope = Literal["own", "team", "company"]
"""Whose records a role reaches, the narrowest first: only one's own, the team's, or everybody's in the company."""

SCOPES: tuple[Scope, ...] = get_args(Scope)

RoleKind = Literal["owner", "lead", "agent", "viewer", "custom"]
"""The roles every company starts with, and those it makes itself."""


class Plan(StrEnum):
    """What a company pays for; `quotas.py` holds the limits of each."""

    FREE = "free"
    TEAM = "team"
    BUSINESS = "business"


class Address(BaseModel):
    """A postal address, and where it lies on the map if that is known."""

    street: str
    city: str
    postal_code: str
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    """ISO 3166 code, such as `PT`."""
    location: tuple[float, float] | None = None
    """Latitude and longitude in degrees."""


class Company(Table, name="companies"):
    """A customer of Client Commander: nothing of one company is ever visible to another."""

    name: Name
    slug: Annotated[str, Field(pattern="^[a-z0-9-]{2,40}$")]
    """Short name in links."""
    plan: Plan = Plan.FREE
    address: Address | None = None

    by_slug = index("slug", unique=True)


class InCompany(Table):
    """A document of one company."""

    company_id: Id[Company]


class CompanyUsage(InCompany, name="company_usage"):
    """What counts against the plan, in a row of its own so that counting wakes nobody who watches the company."""

    contacts: int = 0
    agents: int = 0
    attachment_bytes: Int64 = 0

    by_company = index("company_id", unique=True)


class WorkingHours(BaseModel):
    """From when to when people answer the phone, in the company's time zone."""

    opens: time
    closes: time


class CompanySettings(InCompany, name="company_settings"):
    """How a company likes to work."""

    time_zone: str = "UTC"
    """IANA name, such as `Europe/Lisbon`."""
    working_hours: dict[Weekday, WorkingHours] = {}
    """A day that is missing is a day off."""
    custom: dict[str, JsonValue] = {}
    """Whatever the company's own integrations keep here."""

    by_company = index("company_id", unique=True)


class Team(InCompany, name="teams"):
    """Agents who work the same records."""

    name: Name

    by_company = index("company_id", "name", unique=True)


class Role(InCompany, name="roles"):
    """What an agent may do, and with whose records."""

    name: Name
    kind: RoleKind = "custom"
    scope: Scope
    permissions: list[Permission]

    by_company = index("company_id", "name", unique=True)
    by_company_kind = index("company_id", "kind")


class User(Table, name="users"):
    """A person who signs in. Working for a company makes them an `Agent` of it, one per company."""

    subject: str
    """Who the token says they are (its `sub` claim)."""
    full_name: Name
    email: str
    company_id: Id[Company] | None = None
    """The company they are looking at right now; None before they create or join one."""
    avatar: Annotated[bytes, Field(max_length=65_536)] | None = None
    """A small PNG or JPEG."""

    by_subject = index("subject", unique=True)


class Agent(InCompany, name="agents"):
    """A user at work in one company."""

    user_id: Id[User]
    role_id: Id[Role]
    team_id: Id[Team] | None = None
    full_name: Name
    active: bool = True
    """An agent who left keeps their records but may do nothing."""

    by_company = index("company_id", "full_name")
    by_company_role = index("company_id", "role_id", "active")
    by_company_team = index("company_id", "team_id", "full_name")
    by_user = index("user_id", "company_id", unique=True)


class Owned(InCompany):
    """A document that some agent answers for. Roles reach it through the company, the team or the owner."""

    owner_id: Id[Agent]
    team_id: Id[Team] | None = None
    """The team that works it: the owner's when it was created or assigned. It stays when the owner changes teams."""


class Invitation(InCompany, name="invitations"):
    """A way into a company for whoever holds its token; gone once it was used."""

    email: str
    role_id: Id[Role] = ref(on_delete="restrict")
    team_id: Id[Team] | None = ref(on_delete="restrict", default=None)
    token: UUID
    invited_by: Id[Agent]
    expires_at: datetime

    by_company = index("company_id")
    by_email = index("company_id", "email", unique=True)
    by_role = index("role_id")
    by_team = index("team_id")
    by_token = index("token", unique=True)
