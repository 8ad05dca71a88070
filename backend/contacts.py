"""Contacts: the people a company does business with."""

from datetime import date
from typing import Annotated, assert_never

from pydantic import BaseModel, Field

from backend import agents, attachments, emails, phones, tags
from backend.activities import record
from backend.errors import AlreadyExists, InUse, QuotaExceeded
from backend.permissions import find, may_see, require, scope_of, visible
from backend.quotas import spend
from backend.schema import (
    Address,
    Agent,
    Change,
    Channel,
    Contact,
    ContactCreated,
    ContactEmail,
    ContactPhone,
    ContactTag,
    EmailAddress,
    Name,
    OwnerChanged,
    PhoneNumber,
    Stage,
    StageChanged,
    Tag,
)
from schemagen import (
    FIRST,
    Id,
    JsonValue,
    MutationCtx,
    Open,
    Page,
    PageRequest,
    QueryCtx,
    ReferencedDocument,
    mutation,
    query,
)

FOUND_MAX = 20


class ContactDetails(BaseModel):
    """A contact and what is shown beside it."""

    contact: Contact
    owner: Agent
    phones: list[ContactPhone]
    emails: list[ContactEmail]
    tags: list[Tag]


class ContactChanges(BaseModel):
    """What to change about a contact: what is left out stays, None empties a field that may be empty."""

    channel: Open[Channel] = "web"
    job_title: str | None = None
    organization: str | None = None
    birthday: date | None = None
    address: Address | None = None
    languages: list[str] = []
    custom: dict[str, JsonValue] = {}


@query
async def list_(ctx: QueryCtx, *, stage: Stage | None = None, page: PageRequest = FIRST) -> Page[Contact]:
    """The contacts you may see by name, or only those in one stage."""
    agent = await require(ctx, "contacts.view")
    contacts = await visible(ctx, agent, Contact)
    if stage is not None:
        contacts = contacts.where(Contact.stage == stage)
    return await contacts.order_by(Contact.full_name).paginate(page)


@query
async def get(ctx: QueryCtx, *, contact_id: Id[Contact]) -> ContactDetails:
    """One contact, with owner, phones, emails and tags."""
    agent = await require(ctx, "contacts.view")
    contact = await find(ctx, agent, contact_id)
    return ContactDetails(
        contact=contact,
        owner=await ctx.db.get_existing(contact.owner_id),
        phones=await phones.of(ctx, contact_id),
        emails=await emails.of(ctx, contact_id),
        tags=await tags.of(ctx, contact_id),
    )


@query
async def search(ctx: QueryCtx, *, text: Annotated[str, Field(max_length=100)]) -> list[Contact]:
    """The contacts you may see whose names have all these words, best first; the last word may be its beginning."""
    agent = await require(ctx, "contacts.view")
    scope = await scope_of(ctx, agent)
    match scope:
        case "company":
            found = ctx.db.search(Contact.search_name, text)
        case "team":
            found = ctx.db.search(Contact.search_name_in_team, text).where(Contact.team_id == agent.team_id)
        case "own":
            found = ctx.db.search(Contact.search_name_of_owner, text).where(Contact.owner_id == agent.id)
        case _:
            assert_never(scope)
    return await found.where(Contact.company_id == agent.company_id).take(FOUND_MAX)


@query
async def with_email(ctx: QueryCtx, *, email: EmailAddress) -> Contact | None:
    """The contact who reads this address, if there is one that you may see."""
    agent = await require(ctx, "contacts.view")
    found = await emails.in_company(ctx, agent.company_id, email)
    contact = await ctx.db.get(found.contact_id) if found else None
    return contact if contact and await may_see(ctx, agent, contact) else None


@query(deprecated="use contacts.with_email")
async def find_by_email(ctx: QueryCtx, *, email: EmailAddress) -> Contact | None:
    """The contact who reads this address, by the name this function had in the first version."""
    return await with_email(ctx, email=email)


@query
async def with_tag(ctx: QueryCtx, *, tag_id: Id[Tag], page: PageRequest = FIRST) -> Page[Contact]:
    """The contacts that carry a tag, in the order they got it.

    A page holds fewer than asked for where some are not yours to see.
    """
    agent = await require(ctx, "contacts.view")
    await find(ctx, agent, tag_id)
    links = await ctx.db.query(ContactTag).where(ContactTag.tag_id == tag_id).paginate(page)
    contacts = [await ctx.db.get_existing(link.contact_id) for link in links.items]
    return Page(
        items=[contact for contact in contacts if await may_see(ctx, agent, contact)], next_cursor=links.next_cursor
    )


@mutation(raises=[AlreadyExists, QuotaExceeded])
async def create(
    ctx: MutationCtx,
    *,
    full_name: Name,
    stage: Stage = "lead",
    channel: Open[Channel] = "web",
    email: EmailAddress | None = None,
    phone: PhoneNumber | None = None,
) -> Id[Contact]:
    """Add a contact; it is yours, and your team's."""
    agent = await require(ctx, "contacts.create")
    contact = Contact(
        company_id=agent.company_id,
        owner_id=agent.id,
        team_id=agent.team_id,
        full_name=full_name,
        stage=stage,
        channel=channel,
    )
    return await add(ctx, contact, email=email, phone=phone, by=agent)


@mutation
async def update(ctx: MutationCtx, *, contact_id: Id[Contact], changes: ContactChanges) -> None:
    """Change what is known about a contact."""
    agent = await require(ctx, "contacts.edit")
    contact = await find(ctx, agent, contact_id)
    for name in changes.model_fields_set:
        setattr(contact, name, getattr(changes, name))
    await ctx.db.save(contact)


@mutation
async def rename(ctx: MutationCtx, *, contact_id: Id[Contact], full_name: Name) -> None:
    """Give a contact another name."""
    agent = await require(ctx, "contacts.edit")
    await find(ctx, agent, contact_id)
    await ctx.db.patch(contact_id, full_name=full_name)


@mutation
async def set_stage(ctx: MutationCtx, *, contact_id: Id[Contact], stage: Stage) -> None:
    """Say how far a contact has come."""
    agent = await require(ctx, "contacts.edit")
    contact = await find(ctx, agent, contact_id)
    if contact.stage == stage:
        return
    change = StageChanged(stage=Change[Stage](before=contact.stage, after=stage))
    await ctx.db.patch(contact_id, stage=stage)
    await record(ctx, contact, contact_id, change, by=agent)


@mutation
async def assign(ctx: MutationCtx, *, contact_id: Id[Contact], agent_id: Id[Agent]) -> None:
    """Give a contact to another agent, who answers for it from now on. Its deals and tasks stay with their owners."""
    agent = await require(ctx, "contacts.assign")
    contact = await find(ctx, agent, contact_id)
    taker = await find(ctx, agent, agent_id)
    change = OwnerChanged(from_agent=contact.owner_id, to_agent=taker.id)
    await agents.assign(ctx, contact, taker)
    await record(ctx, contact, contact_id, change, by=agent)


@mutation(raises=[InUse])
async def delete(ctx: MutationCtx, *, contact_id: Id[Contact]) -> None:
    """Delete a contact and all that hangs on it, but not while it has deals. What happened stays in the feed."""
    agent = await require(ctx, "contacts.delete")
    await find(ctx, agent, contact_id)
    attached = await attachments.of(ctx, contact_id)
    try:
        await ctx.db.delete(contact_id)
    except ReferencedDocument:
        raise InUse(used_by="deals") from None
    await spend(ctx, agent.company_id, contacts=-1, attachment_bytes=-sum(each.size for each in attached))


async def add(
    ctx: MutationCtx, contact: Contact, *, email: str | None, phone: str | None, by: Agent | None
) -> Id[Contact]:
    """Store a new contact, however it came. Raises `AlreadyExists` for a known email, and `QuotaExceeded`."""
    await spend(ctx, contact.company_id, contacts=1)
    contact_id = await ctx.db.insert(contact)
    if email is not None:
        await emails.insert(ctx, contact.company_id, contact_id, email, primary=True)
    if phone is not None:
        await ctx.db.insert(ContactPhone(company_id=contact.company_id, contact_id=contact_id, number=phone))
    await record(ctx, contact, contact_id, ContactCreated(channel=contact.channel), by=by)
    return contact_id
