"""The backend that most tests run: companies whose agents see contacts as their role allows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from schemagen import (
    FIRST,
    AppError,
    Id,
    MutationCtx,
    Page,
    PageRequest,
    QueryCtx,
    Select,
    Table,
    col,
    desc,
    index,
    mutation,
    query,
)
from tests.engine.backend import backend_of

Stage = Literal["lead", "won", "lost"]
Role = Literal["owner", "agent"]


class Company(Table, name="companies"):
    name: str


class Agent(Table, name="agents"):
    subject: str
    company_id: Id[Company]
    role: Role = "agent"

    by_subject = index("subject")


class Contact(Table, name="contacts"):
    company_id: Id[Company]
    owner_id: Id[Agent] | None = None
    full_name: str
    stage: Stage = "lead"
    due_at: datetime | None = None

    by_company = index("company_id", "full_name")
    by_company_owner = index("company_id", "owner_id", "full_name")
    by_company_stage = index("company_id", "stage")
    by_company_due = index("company_id", "due_at")


class Forbidden(AppError):
    """You may not {action}."""

    action: str


async def require(ctx: QueryCtx) -> Agent:
    identity = await ctx.auth.identity()
    agent = identity and await ctx.db.query(Agent).where(Agent.subject == identity.subject).unique()
    if not agent:
        raise Forbidden(action="see this")
    return agent


@mutation
async def found(ctx: MutationCtx, *, name: str) -> Id[Company]:
    return await ctx.db.insert(Company(name=name))


@mutation
async def hire(ctx: MutationCtx, *, subject: str, company_id: Id[Company], role: Role = "agent") -> Id[Agent]:
    return await ctx.db.insert(Agent(subject=subject, company_id=company_id, role=role))


@mutation
async def set_role(ctx: MutationCtx, *, agent_id: Id[Agent], role: Role) -> None:
    await ctx.db.patch(agent_id, role=role)


@mutation
async def create(ctx: MutationCtx, *, full_name: str, stage: Stage = "lead", mine: bool = False) -> Id[Contact]:
    agent = await require(ctx)
    owner = agent.id if mine else None
    return await ctx.db.insert(Contact(company_id=agent.company_id, owner_id=owner, full_name=full_name, stage=stage))


@mutation
async def rename(ctx: MutationCtx, *, id: Id[Contact], full_name: str) -> None:
    contact = await ctx.db.get_existing(id)
    contact.full_name = full_name
    await ctx.db.save(contact)


@mutation
async def plan(ctx: MutationCtx, *, id: Id[Contact], due_at: datetime | None) -> None:
    await ctx.db.patch(id, due_at=due_at)


@mutation
async def remove(ctx: MutationCtx, *, id: Id[Contact]) -> None:
    await ctx.db.delete(id)


@query
async def list_(ctx: QueryCtx) -> list[Contact]:
    """All of the company's for owners, one's own for agents."""
    agent = await require(ctx)
    contacts = ctx.db.query(Contact).where(Contact.company_id == agent.company_id)
    if agent.role != "owner":
        contacts = contacts.where(Contact.owner_id == agent.id)
    return await contacts.order_by(Contact.full_name).all()


@query
async def names(ctx: QueryCtx, *, company_id: Id[Company]) -> list[str]:
    """Public: asks nobody who they are."""
    return [c.full_name for c in await _of(ctx, company_id).order_by(Contact.full_name).all()]


@query
async def first_names(ctx: QueryCtx, *, company_id: Id[Company], count: int, backwards: bool = False) -> list[str]:
    order = desc(Contact.full_name) if backwards else Contact.full_name
    return [c.full_name for c in await _of(ctx, company_id).order_by(order).take(count)]


@query
async def until(ctx: QueryCtx, *, company_id: Id[Company], name: str) -> list[str]:
    """Names in order, up to the first that is not below `name`."""
    out = []
    async for contact in _of(ctx, company_id).order_by(Contact.full_name):
        out.append(contact.full_name)
        if contact.full_name >= name:
            break
    return out


@query
async def pages(
    ctx: QueryCtx, *, company_id: Id[Company], page: PageRequest = FIRST, backwards: bool = False
) -> Page[Contact]:
    order = desc(Contact.full_name) if backwards else Contact.full_name
    return await _of(ctx, company_id).order_by(order).paginate(page)


@query
async def get(ctx: QueryCtx, *, id: Id[Contact]) -> Contact | None:
    return await ctx.db.get(id)


@query
async def count(ctx: QueryCtx, *, company_id: Id[Company], stage: Stage) -> int:
    return await _of(ctx, company_id).where(Contact.stage == stage).count()


@query
async def due(ctx: QueryCtx, *, company_id: Id[Company]) -> list[str]:
    """What is due by this minute; run again when the minute is over."""
    now = ctx.tick(timedelta(minutes=1))
    contacts = _of(ctx, company_id).where(col(Contact.due_at) <= now).order_by(Contact.due_at)
    return [contact.full_name for contact in await contacts.all()]


@query
async def named(ctx: QueryCtx, *, name: str) -> list[str]:
    return [contact.full_name for contact in await ctx.db.query(Contact).where(Contact.full_name == name).scan().all()]


def _of(ctx: QueryCtx, company_id: Id[Company]) -> Select[Contact]:
    return ctx.db.query(Contact).where(Contact.company_id == company_id)


CRM = backend_of(
    found,
    hire,
    set_role,
    create,
    rename,
    plan,
    remove,
    list_,
    names,
    first_names,
    until,
    pages,
    get,
    count,
    due,
    named,
    tables=[Company, Agent, Contact],
    errors=[Forbidden],
)
