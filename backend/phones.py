"""Phones: the numbers of contacts."""

from backend.errors import TooMany
from backend.permissions import find, may_see, require
from backend.schema import Contact, ContactPhone, PhoneLabel, PhoneNumber
from schemagen import Id, MutationCtx, QueryCtx, mutation, query

PHONES_MAX = 20


@query
async def list_(ctx: QueryCtx, *, contact_id: Id[Contact]) -> list[ContactPhone]:
    """The numbers of a contact, the first added first."""
    agent = await require(ctx, "contacts.view")
    await find(ctx, agent, contact_id)
    return await of(ctx, contact_id)


@query
async def who_is(ctx: QueryCtx, *, number: PhoneNumber) -> list[Contact]:
    """Who may be calling: the contacts with this number, of those you may see."""
    agent = await require(ctx, "contacts.view")
    phones = ctx.db.query(ContactPhone).where(
        ContactPhone.company_id == agent.company_id, ContactPhone.number == number
    )
    contacts = [await ctx.db.get_existing(phone.contact_id) for phone in await phones.take(PHONES_MAX)]
    return [contact for contact in contacts if await may_see(ctx, agent, contact)]


@mutation(raises=[TooMany])
async def add(
    ctx: MutationCtx, *, contact_id: Id[Contact], number: PhoneNumber, label: PhoneLabel = "mobile"
) -> Id[ContactPhone]:
    """Add a number to a contact."""
    agent = await require(ctx, "contacts.edit")
    await find(ctx, agent, contact_id)
    if len(await of(ctx, contact_id)) >= PHONES_MAX:
        raise TooMany(limit=PHONES_MAX)
    phone = ContactPhone(company_id=agent.company_id, contact_id=contact_id, number=number, label=label)
    return await ctx.db.insert(phone)


@mutation
async def remove(ctx: MutationCtx, *, phone_id: Id[ContactPhone]) -> None:
    """Remove a number."""
    agent = await require(ctx, "contacts.edit")
    phone = await find(ctx, agent, phone_id)
    await find(ctx, agent, phone.contact_id)
    await ctx.db.delete(phone_id)


async def of(ctx: QueryCtx, contact_id: Id[Contact]) -> list[ContactPhone]:
    """The numbers of a contact that the caller was found to see."""
    return await ctx.db.query(ContactPhone).where(ContactPhone.contact_id == contact_id).take(PHONES_MAX)
