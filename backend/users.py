"""Users: the people behind the tokens."""

from typing import Annotated

from pydantic import BaseModel, Field

from backend.errors import NotSignedIn
from backend.permissions import agent_of, require_user
from backend.schema import Agent, Company, Role, User
from schemagen import DocumentNotFound, Id, MutationCtx, QueryCtx, mutation, query

COMPANIES_MAX = 50


class Me(BaseModel):
    """You, and what you are in the company you are looking at."""

    user_id: Id[User]
    full_name: str
    email: str
    company: Company | None
    agent: Agent | None
    role: Role | None


class Membership(BaseModel):
    """A company you work for."""

    company: Company
    role: Role


@mutation
async def sign_in(ctx: MutationCtx) -> Id[User]:
    """Call this after signing in: it remembers you at the first time, and your new name or address at any later one.

    Both come from the token's claims `name` and `email`.
    """
    identity = await ctx.auth.identity()
    if identity is None:
        raise NotSignedIn()
    full_name = str(identity.claims.get("name") or identity.subject)[:200]
    email = str(identity.claims.get("email") or identity.subject)
    user = await ctx.db.query(User).where(User.subject == identity.subject).unique()
    if user is None:
        return await ctx.db.insert(User(subject=identity.subject, full_name=full_name, email=email))
    if (user.full_name, user.email) != (full_name, email):
        await ctx.db.patch(user.id, full_name=full_name, email=email)
    return user.id


@query
async def me(ctx: QueryCtx) -> Me:
    """Who you are here."""
    user = await require_user(ctx)
    company = await ctx.db.get(user.company_id) if user.company_id else None
    agent = await agent_of(ctx, user.id, company.id) if company else None
    role = await ctx.db.get(agent.role_id) if agent else None
    return Me(user_id=user.id, full_name=user.full_name, email=user.email, company=company, agent=agent, role=role)


@query
async def memberships(ctx: QueryCtx) -> list[Membership]:
    """The companies you work for, the first joined first."""
    user = await require_user(ctx)
    joined = await ctx.db.query(Agent).where(Agent.user_id == user.id).order_by(Agent.company_id).take(COMPANIES_MAX)
    return [
        Membership(company=await ctx.db.get_existing(agent.company_id), role=await ctx.db.get_existing(agent.role_id))
        for agent in joined
        if agent.active
    ]


@mutation
async def switch_company(ctx: MutationCtx, *, company_id: Id[Company]) -> None:
    """Look at another company you work for; everything you watch follows."""
    user = await require_user(ctx)
    agent = await agent_of(ctx, user.id, company_id)
    if agent is None or not agent.active:
        raise DocumentNotFound(id=company_id)
    await ctx.db.patch(user.id, company_id=company_id)


@mutation
async def set_avatar(ctx: MutationCtx, *, image: Annotated[bytes, Field(max_length=65_536)] | None) -> None:
    """Set your picture, a small PNG or JPEG; None removes it."""
    user = await require_user(ctx)
    await ctx.db.patch(user.id, avatar=image)


@query
async def avatar(ctx: QueryCtx) -> bytes | None:
    """Your picture, if you have one."""
    user = await require_user(ctx)
    return user.avatar
