"""Contacts that come in from outside: web forms and files."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from backend.schema.company import Agent, InCompany, Name
from backend.schema.contacts import Contact, EmailAddress, PhoneNumber
from schemagen import Id, Int64, index


class LeadForm(InCompany, name="lead_forms"):
    """A door for leads; whoever knows its key may send one."""

    name: Name
    key: UUID
    owner_id: Id[Agent]
    """Who gets the contacts."""

    by_company = index("company_id", "name")
    by_key = index("key", unique=True)


class WebForm(BaseModel):
    """Somebody filled in a form on a web page."""

    kind: Literal["web_form"] = "web_form"
    full_name: Name
    email: EmailAddress
    answers: dict[str, str] = {}


class PhoneCall(BaseModel):
    """Somebody called the hotline."""

    kind: Literal["phone_call"] = "phone_call"
    number: PhoneNumber
    duration: timedelta
    full_name: Name | None = None


class ChatTranscript(BaseModel):
    """Somebody left a chat with the bot."""

    kind: Literal["chat"] = "chat"
    full_name: Name
    lines: list[str]


LeadPayload = Annotated[WebForm | PhoneCall | ChatTranscript, Field(discriminator="kind")]
"""What a lead source sends, told apart by `kind`."""


class Lead(InCompany, name="leads"):
    """One delivery of a lead form, kept so that a repeated delivery creates no second contact."""

    form_id: Id[LeadForm]
    external_id: Int64
    """The sender's own number for it; these easily pass 2^53."""
    contact_id: Id[Contact]
    payload: LeadPayload

    by_form = index("form_id", "external_id", unique=True)


class RowMistake(BaseModel):
    """A row of a file that was left out, and why."""

    row: int
    """Counts from 1, after the header line."""
    message: str


class ContactImport(InCompany, name="contact_imports"):
    """One imported file and what came of it."""

    file_name: Name
    imported_by: Id[Agent]
    created: int
    mistakes: list[RowMistake]
    """The first 100 of them."""

    by_company = index("company_id")
