"""Teams: agents who work the same records."""

from pydantic import BaseModel

from backend.errors import AlreadyExists, InUse, TooMany
from backend.permissions import find, require, require_agent
from backend.schema import Agent, Name, Team
from schemagen import Id, MutationCtx, QueryCtx, ReferencedDocument, UniqueConflict, mutation, query

TEAMS_MAX = 100
MEMBERS_MAX = 200


class TeamWithMembers(BaseModel):
    """A team and who is in it, by name."""

    team: Team
    members: list[Agent]


@query
async def list_(ctx: QueryCtx) -> list[Team]:
    """Every team of your company, by name."""
    agent = await require_agent(ctx)
    return await ctx.db.query(Team).where(Team.company_id == agent.company_id).order_by(Team.name).take(TEAMS_MAX)


@query
async def get(ctx: QueryCtx, *, team_id: Id[Team]) -> TeamWithMembers:
    """One team with its members."""
    agent = await require_agent(ctx)
    team = await find(ctx, agent, team_id)
    members = ctx.db.query(Agent).where(Agent.company_id == agent.company_id, Agent.team_id == team_id)
    return TeamWithMembers(team=team, members=await members.order_by(Agent.full_name).take(MEMBERS_MAX))


@mutation(raises=[AlreadyExists, TooMany])
async def create(ctx: MutationCtx, *, name: Name) -> Id[Team]:
    """Found a team."""
    agent = await require(ctx, "teams.manage")
    if await ctx.db.query(Team).where(Team.company_id == agent.company_id).count() >= TEAMS_MAX:
        raise TooMany(limit=TEAMS_MAX)
    try:
        return await ctx.db.insert(Team(company_id=agent.company_id, name=name))
    except UniqueConflict:
        raise AlreadyExists(what="team_name", value=name) from None


@mutation(raises=[AlreadyExists])
async def rename(ctx: MutationCtx, *, team_id: Id[Team], name: Name) -> None:
    """Give a team another name."""
    agent = await require(ctx, "teams.manage")
    await find(ctx, agent, team_id)
    try:
        await ctx.db.patch(team_id, name=name)
    except UniqueConflict:
        raise AlreadyExists(what="team_name", value=name) from None


@mutation(raises=[InUse])
async def delete(ctx: MutationCtx, *, team_id: Id[Team]) -> None:
    """Delete a team that nobody is in. Its records keep their owners."""
    agent = await require(ctx, "teams.manage")
    await find(ctx, agent, team_id)
    if await ctx.db.query(Agent).where(Agent.company_id == agent.company_id, Agent.team_id == team_id).exists():
        raise InUse(used_by="agents")
    try:
        await ctx.db.delete(team_id)
    except ReferencedDocument:
        raise InUse(used_by="invitations") from None
