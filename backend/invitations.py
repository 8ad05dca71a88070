"""Invitations: how people join a company."""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel

from backend import agents
from backend.errors import AlreadyExists, Forbidden, InvitationExpired, QuotaExceeded, ScopeTooWide
from backend.permissions import check_may_give, find, require, require_user, scope_of
from backend.schema import Agent, Company, EmailAddress, Invitation, Role, Team
from schemagen import FIRST, DocumentNotFound, Id, MutationCtx, Page, PageRequest, QueryCtx, mutation, query

VALID_FOR = timedelta(days=14)


class OpenInvitation(BaseModel):
    """An invitation that was not used yet, without its token."""

    id: Id[Invitation]
    email: str
    role: Role
    team: Team | None
    expires_at: datetime


@query
async def list_(ctx: QueryCtx, *, page: PageRequest = FIRST) -> Page[OpenInvitation]:
    """The open invitations of your company, the oldest first."""
    agent = await require(ctx, "invitations.manage")
    found = await ctx.db.query(Invitation).where(Invitation.company_id == agent.company_id).paginate(page)
    return Page(items=[await _without_token(ctx, one) for one in found.items], next_cursor=found.next_cursor)


@mutation(raises=[Forbidden, ScopeTooWide])
async def create(ctx: MutationCtx, *, email: EmailAddress, role_id: Id[Role], team_id: Id[Team] | None = None) -> UUID:
    """Invite somebody to your company; whoever holds the token can accept. A second invitation replaces the first."""
    agent = await require(ctx, "invitations.manage")
    role = await find(ctx, agent, role_id)
    await check_may_give(ctx, agent, role)
    await _check_may_place(ctx, agent, team_id)
    for earlier in await _to_address(ctx, agent, email):
        await ctx.db.delete(earlier.id)
    invitation = Invitation(
        company_id=agent.company_id,
        email=email,
        role_id=role_id,
        team_id=team_id,
        token=ctx.uuid(),
        invited_by=agent.id,
        expires_at=ctx.now + VALID_FOR,
    )
    await ctx.db.insert(invitation)
    return invitation.token


@mutation(raises=[AlreadyExists, InvitationExpired, QuotaExceeded])
async def accept(ctx: MutationCtx, *, token: UUID) -> Id[Company]:
    """Join the company that invited you, and look at it."""
    user = await require_user(ctx)
    invitation = await ctx.db.query(Invitation).where(Invitation.token == token).unique()
    if invitation is None:
        raise DocumentNotFound(id=str(token))
    if invitation.expires_at < ctx.now:
        raise InvitationExpired(expired_at=invitation.expires_at)
    await ctx.db.delete(invitation.id)
    await agents.join(
        ctx, user, company_id=invitation.company_id, role_id=invitation.role_id, team_id=invitation.team_id
    )
    return invitation.company_id


@mutation
async def revoke(ctx: MutationCtx, *, invitation_id: Id[Invitation]) -> None:
    """Take an invitation back."""
    agent = await require(ctx, "invitations.manage")
    await find(ctx, agent, invitation_id)
    await ctx.db.delete(invitation_id)


async def _check_may_place(ctx: QueryCtx, agent: Agent, team_id: Id[Team] | None) -> None:
    """Whoever reaches only their team invites only into it."""
    if team_id is not None:
        await find(ctx, agent, team_id)
    own_scope = await scope_of(ctx, agent)
    if own_scope != "company" and team_id != agent.team_id:
        raise ScopeTooWide(scope="company", own_scope=own_scope)


async def _to_address(ctx: QueryCtx, agent: Agent, email: str) -> list[Invitation]:
    invitations = ctx.db.query(Invitation)
    return await invitations.where(Invitation.company_id == agent.company_id, Invitation.email == email).all()


async def _without_token(ctx: QueryCtx, invitation: Invitation) -> OpenInvitation:
    return OpenInvitation(
        id=invitation.id,
        email=invitation.email,
        role=await ctx.db.get_existing(invitation.role_id),
        team=await ctx.db.get(invitation.team_id) if invitation.team_id else None,
        expires_at=invitation.expires_at,
    )
