"""The people a company does business with, and what is known about them."""

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import Field

from backend.schema.company import Address, Agent, InCompany, Name, Owned
from schemagen import Id, JsonValue, Open, index, ref, search_index

Stage = Literal["lead", "qualified", "customer", "lost"]
"""How far a contact has come."""

STAGES: tuple[Stage, ...] = get_args(Stage)

Channel = Literal["web", "phone", "referral", "event", "import"]
"""How a contact was met."""

EmailAddress = Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
PhoneNumber = Annotated[str, Field(pattern=r"^\+[0-9]{6,15}$")]
PhoneLabel = Literal["mobile", "work", "home"]
TagColor = Literal["gray", "red", "orange", "green", "blue", "purple"]

ATTACHMENT_SIZE_MAX = 262_144
"""Bytes of one attached file."""


class Contact(Owned, name="contacts"):
    """A person a company tracks."""

    full_name: Name
    stage: Stage = "lead"
    channel: Open[Channel] = "web"
    job_title: str | None = None
    organization: str | None = None
    birthday: date | None = None
    address: Address | None = None
    languages: list[str] = []
    """ISO 639 codes, the preferred one first."""
    custom: dict[str, JsonValue] = {}
    """Fields the company added itself."""

    by_company = index("company_id", "full_name")
    by_company_stage = index("company_id", "stage", "full_name")
    by_team = index("company_id", "team_id", "full_name")
    by_team_stage = index("company_id", "team_id", "stage", "full_name")
    by_owner = index("company_id", "owner_id", "full_name")
    by_owner_stage = index("company_id", "owner_id", "stage", "full_name")
    search_name = search_index("full_name", filters=["company_id"])
    search_name_in_team = search_index("full_name", filters=["company_id", "team_id"])
    search_name_of_owner = search_index("full_name", filters=["company_id", "owner_id"])


class ContactPhone(InCompany, name="contact_phones"):
    """A number a contact answers."""

    contact_id: Id[Contact] = ref(on_delete="cascade")
    number: PhoneNumber
    label: PhoneLabel = "mobile"

    by_contact = index("contact_id")
    by_number = index("company_id", "number")


class ContactEmail(InCompany, name="contact_emails"):
    """An address a contact reads; no two contacts of a company share one."""

    contact_id: Id[Contact] = ref(on_delete="cascade")
    email: EmailAddress
    primary: bool = False

    by_contact = index("contact_id")
    by_email = index("company_id", "email", unique=True)


class Tag(InCompany, name="tags"):
    """A label a company sorts its contacts by."""

    name: Name
    color: TagColor = "gray"

    by_company = index("company_id", "name", unique=True)


class ContactTag(InCompany, name="contact_tags"):
    """That a contact carries a tag."""

    contact_id: Id[Contact] = ref(on_delete="cascade")
    tag_id: Id[Tag] = ref(on_delete="restrict")

    by_contact = index("contact_id", "tag_id", unique=True)
    by_tag = index("tag_id")


class Note(InCompany, name="notes"):
    """What somebody wants remembered about a contact, or an answer to such a note."""

    contact_id: Id[Contact] = ref(on_delete="cascade")
    author_id: Id[Agent]
    text: Annotated[str, Field(min_length=1, max_length=10_000)]
    reply_to: "Id[Note] | None" = ref(on_delete="set_null", default=None)
    pinned: bool = False

    by_contact = index("contact_id")
    by_reply_to = index("reply_to")


class Attachment(InCompany, name="attachments"):
    """A small file kept with a contact. Its bytes are an `AttachmentContent`, so that lists stay light."""

    contact_id: Id[Contact] = ref(on_delete="cascade")
    added_by: Id[Agent]
    file_name: Name
    media_type: str
    size: Annotated[int, Field(ge=0, le=ATTACHMENT_SIZE_MAX)]

    by_contact = index("contact_id")


class AttachmentContent(InCompany, name="attachment_contents"):
    """The bytes of an attachment."""

    attachment_id: Id[Attachment] = ref(on_delete="cascade")
    content: Annotated[bytes, Field(max_length=ATTACHMENT_SIZE_MAX)]

    by_attachment = index("attachment_id", unique=True)
