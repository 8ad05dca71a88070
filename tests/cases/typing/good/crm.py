"""A backend as its author writes it: nothing here is a type error."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from schemagen import (
    FIRST,
    ActionCtx,
    AppError,
    Id,
    Int64,
    JsonValue,
    MutationCtx,
    Open,
    Page,
    PageRequest,
    QueryCtx,
    ReferencedDocument,
    Table,
    UniqueConflict,
    action,
    col,
    desc,
    index,
    mutation,
    query,
    ref,
    search_index,
)

Stage = Literal["lead", "won"]


class Plan(StrEnum):
    FREE = "free"


class Company(Table, name="companies"):
    name: str
    plan: Plan = Plan.FREE


class Contact(Table, name="contacts"):
    """A person."""

    company_id: Id[Company]
    full_name: Annotated[str, Field(min_length=1)]
    stage: Stage = "lead"
    channel: Open[Literal["web", "phone"]] = "web"
    next_task_due_at: datetime | None = None
    number: Int64 = 0
    labels: list[str] = []
    custom: dict[str, JsonValue] = {}

    by_company = index("company_id", "full_name")
    search_name = search_index("full_name", filters=["company_id"])


class Badge(Table, name="badges"):
    contact_id: Id[Contact] = ref(on_delete="cascade")
    given_by: Id[Contact] | None = ref(on_delete="set_null", default=None)
    number: int

    by_contact = index("contact_id")
    by_given_by = index("given_by")
    by_number = index("number", unique=True)


class QuotaExceeded(AppError):
    """You have used all {limit} contacts."""

    limit: int


class Summary(BaseModel):
    total: int
    newest: Contact | None


@query
async def list_(
    ctx: QueryCtx, *, company_id: Id[Company], stage: Stage | None = None, page: PageRequest = FIRST
) -> Page[Contact]:
    contacts = ctx.db.query(Contact).where(Contact.company_id == company_id)
    if stage is not None:
        contacts = contacts.where(Contact.stage == stage, col(Contact.next_task_due_at) >= ctx.now)
    return await contacts.order_by(desc(Contact.creation_time)).paginate(page)


@query
async def search(ctx: QueryCtx, *, company_id: Id[Company], text: str) -> list[Contact]:
    hits = ctx.db.search(Contact.search_name, text).where(Contact.company_id == company_id)
    best: Contact | None = await hits.first()
    return [] if best is None else await hits.take(20)


@query(internal=True)
async def summary(ctx: QueryCtx) -> Summary:
    names: list[str] = []
    async for contact in ctx.db.query(Contact).scan():
        names.append(contact.full_name)
    newest = await ctx.db.query(Contact).order_by(desc(Contact.creation_time)).first()
    return Summary(total=await ctx.db.query(Contact).scan().count(), newest=newest)


@mutation(raises=[QuotaExceeded], deprecated="use something else")
async def create(ctx: MutationCtx, *, full_name: str, company_id: Id[Company]) -> Id[Contact]:
    page: Page[Contact] = await ctx.run_query(list_, company_id=company_id)
    same_transaction: Page[Contact] = await list_(ctx, company_id=company_id, stage="lead")
    if len(page.items) + len(same_transaction.items) > 10:
        raise QuotaExceeded(limit=10)
    contact_id = await ctx.db.insert(Contact(company_id=company_id, full_name=full_name))
    contact = await ctx.db.get(contact_id)
    if contact is not None:
        contact.stage = "won"
        await ctx.db.save(contact)
        company: Company = await ctx.db.get_existing(contact.company_id)
        print(company.name, contact.id, contact.creation_time + timedelta(days=1))
    await ctx.db.patch(contact_id, stage="won")
    await ctx.db.delete(contact_id)
    return contact_id


@action
async def import_(ctx: ActionCtx, *, names: list[str], company_id: Id[Company]) -> int:
    for name in names:
        made: Id[Contact] = await ctx.run_mutation(create, full_name=name, company_id=company_id)
        print(made)
    identity = await ctx.auth.identity()
    return len(names) if identity is None else await ctx.run_action(import_, names=[], company_id=company_id)


@mutation(raises=[ReferencedDocument])
async def give_badge(ctx: MutationCtx, *, contact_id: Id[Contact], number: int) -> Id[Badge]:
    try:
        return await ctx.db.insert(Badge(contact_id=contact_id, number=number))
    except UniqueConflict as conflict:
        badge: Badge | None = await ctx.db.get(conflict.existing_id)
        print(badge, conflict.table, conflict.index)
    try:
        await ctx.db.delete(contact_id)
    except ReferencedDocument as kept:
        print(kept.table, kept.field, kept.count + 1, kept.example_id)
    return await ctx.db.insert(Badge(contact_id=contact_id, given_by=contact_id, number=number + 1))
