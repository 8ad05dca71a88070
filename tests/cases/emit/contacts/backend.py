"""The backend of the design page: tables, pages, errors, a deprecation."""

from datetime import datetime
from typing import Literal

from schemagen import (
    FIRST,
    ActionCtx,
    AppError,
    Id,
    MutationCtx,
    Page,
    PageRequest,
    QueryCtx,
    Table,
    action,
    index,
    mutation,
    query,
)

Stage = Literal["lead", "qualified", "won", "lost"]


class Company(Table, name="companies"):
    name: str


class Contact(Table, name="contacts"):
    """A person a company tracks."""

    company_id: Id[Company] | None = None
    full_name: str
    """As it is written on letters."""
    stage: Stage = "lead"
    next_task_due_at: datetime | None = None

    by_name = index("full_name")
    by_stage = index("stage", "full_name")


class QuotaExceeded(AppError):
    """The limit of {limit} contacts is reached."""

    limit: int


@query
async def list_(ctx: QueryCtx, *, stage: Stage | None = None, page: PageRequest = FIRST) -> Page[Contact]:
    """Contacts by name, or only those in one stage."""
    contacts = ctx.db.query(Contact)
    if stage is not None:
        contacts = contacts.where(Contact.stage == stage)
    return await contacts.order_by(Contact.full_name).paginate(page)


@query(deprecated="use list")
async def first(ctx: QueryCtx, *, count: int = 10) -> list[Contact]:
    return await ctx.db.query(Contact).take(count)


@query
async def get(ctx: QueryCtx, *, contact_id: Id[Contact]) -> Contact | None:
    """One contact, or None."""
    return await ctx.db.get(contact_id)


@mutation(raises=[QuotaExceeded])
async def create(ctx: MutationCtx, *, full_name: str, stage: Stage = "lead") -> Id[Contact]:
    """Add a contact."""
    if await ctx.db.query(Contact).count() >= 1000:
        raise QuotaExceeded(limit=1000)
    return await ctx.db.insert(Contact(full_name=full_name, stage=stage))


@mutation(internal=True)
async def purge(ctx: MutationCtx) -> None:
    for contact in await ctx.db.query(Contact).all():
        await ctx.db.delete(contact.id)


@action
async def greet(ctx: ActionCtx, *, contact_id: Id[Contact]) -> str | None:
    """What to say to a contact."""
    contact = await ctx.run_query(get, contact_id=contact_id)
    return f"Dear {contact.full_name}" if contact else None
