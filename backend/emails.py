"""Emails: the addresses of contacts, each read by one contact of a company."""

from backend.errors import AlreadyExists, TooMany
from backend.permissions import find, require
from backend.schema import Company, Contact, ContactEmail, EmailAddress
from schemagen import Id, MutationCtx, QueryCtx, UniqueConflict, mutation, query

EMAILS_MAX = 20


@query
async def list_(ctx: QueryCtx, *, contact_id: Id[Contact]) -> list[ContactEmail]:
    """The addresses of a contact, the first added first."""
    agent = await require(ctx, "contacts.view")
    await find(ctx, agent, contact_id)
    return await of(ctx, contact_id)


@mutation(raises=[AlreadyExists, TooMany])
async def add(ctx: MutationCtx, *, contact_id: Id[Contact], email: EmailAddress) -> Id[ContactEmail]:
    """Add an address to a contact; the first one is the primary."""
    agent = await require(ctx, "contacts.edit")
    await find(ctx, agent, contact_id)
    existing = await of(ctx, contact_id)
    if len(existing) >= EMAILS_MAX:
        raise TooMany(limit=EMAILS_MAX)
    return await insert(ctx, agent.company_id, contact_id, email, primary=not existing)


@mutation
async def make_primary(ctx: MutationCtx, *, email_id: Id[ContactEmail]) -> None:
    """Say which address to write to."""
    agent = await require(ctx, "contacts.edit")
    chosen = await find(ctx, agent, email_id)
    await find(ctx, agent, chosen.contact_id)
    for email in await of(ctx, chosen.contact_id):
        if email.primary != (email.id == email_id):
            await ctx.db.patch(email.id, primary=not email.primary)


@mutation
async def remove(ctx: MutationCtx, *, email_id: Id[ContactEmail]) -> None:
    """Remove an address."""
    agent = await require(ctx, "contacts.edit")
    email = await find(ctx, agent, email_id)
    await find(ctx, agent, email.contact_id)
    await ctx.db.delete(email_id)


async def of(ctx: QueryCtx, contact_id: Id[Contact]) -> list[ContactEmail]:
    """The addresses of a contact that the caller was found to see."""
    return await ctx.db.query(ContactEmail).where(ContactEmail.contact_id == contact_id).take(EMAILS_MAX)


async def in_company(ctx: QueryCtx, company_id: Id[Company], email: str) -> ContactEmail | None:
    """The entry of an address, whatever its case."""
    emails = ctx.db.query(ContactEmail)
    return await emails.where(ContactEmail.company_id == company_id, ContactEmail.email == email.lower()).unique()


async def insert(
    ctx: MutationCtx, company_id: Id[Company], contact_id: Id[Contact], email: str, *, primary: bool
) -> Id[ContactEmail]:
    """Store an address, in lower case. Raises `AlreadyExists` if a contact of the company has it."""
    entry = ContactEmail(company_id=company_id, contact_id=contact_id, email=email.lower(), primary=primary)
    try:
        return await ctx.db.insert(entry)
    except UniqueConflict:
        raise AlreadyExists(what="contact_email", value=email) from None
