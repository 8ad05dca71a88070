"""Agents: who works in a company, in which role and team."""

from backend import totals
from backend.errors import AlreadyExists, Forbidden, LastOwner, QuotaExceeded, ScopeTooWide
from backend.permissions import agent_of, check_may_give, find, require, require_agent
from backend.quotas import spend
from backend.schema import Agent, Company, Contact, Deal, Owned, Role, Task, Team, User
from schemagen import FIRST, ActionCtx, Id, MutationCtx, Page, PageRequest, QueryCtx, action, mutation, query

HAND_OVER_BATCH = 100


@query
async def list_(ctx: QueryCtx, *, page: PageRequest = FIRST) -> Page[Agent]:
    """The agents of your company by name, also those who left."""
    agent = await require_agent(ctx)
    agents = ctx.db.query(Agent).where(Agent.company_id == agent.company_id)
    return await agents.order_by(Agent.full_name).paginate(page)


@query
async def get(ctx: QueryCtx, *, agent_id: Id[Agent]) -> Agent:
    """One agent."""
    agent = await require_agent(ctx)
    return await find(ctx, agent, agent_id)


@mutation(raises=[Forbidden, LastOwner, ScopeTooWide])
async def set_role(ctx: MutationCtx, *, agent_id: Id[Agent], role_id: Id[Role]) -> None:
    """Give an agent another role; what they are watching changes with it."""
    agent = await require(ctx, "agents.manage")
    changed = await find(ctx, agent, agent_id)
    role = await find(ctx, agent, role_id)
    await check_may_give(ctx, agent, role)
    if role_id != changed.role_id:
        await _check_an_owner_stays(ctx, changed)
        await ctx.db.patch(agent_id, role_id=role_id)


@mutation
async def set_team(ctx: MutationCtx, *, agent_id: Id[Agent], team_id: Id[Team] | None) -> None:
    """Put an agent into a team, or into none. The records they have so far stay with the team that worked them."""
    agent = await require(ctx, "agents.manage")
    await find(ctx, agent, agent_id)
    if team_id is not None:
        await find(ctx, agent, team_id)
    await ctx.db.patch(agent_id, team_id=team_id)


@mutation(raises=[LastOwner])
async def deactivate(ctx: MutationCtx, *, agent_id: Id[Agent]) -> None:
    """An agent leaves: from this moment they see nothing. `hand_over` gives their records to somebody else."""
    agent = await require(ctx, "agents.manage")
    left = await find(ctx, agent, agent_id)
    if left.active:
        await _check_an_owner_stays(ctx, left)
        await ctx.db.patch(agent_id, active=False)
        await spend(ctx, agent.company_id, agents=-1)


@mutation(raises=[QuotaExceeded])
async def reactivate(ctx: MutationCtx, *, agent_id: Id[Agent]) -> None:
    """An agent comes back."""
    agent = await require(ctx, "agents.manage")
    back = await find(ctx, agent, agent_id)
    if not back.active:
        await spend(ctx, agent.company_id, agents=1)
        await ctx.db.patch(agent_id, active=True)


@action
async def hand_over(ctx: ActionCtx, *, from_agent: Id[Agent], to_agent: Id[Agent]) -> int:
    """Give all records of one agent to another, in batches that each commit by themselves. How many there were."""
    moved_total = 0
    while moved := await ctx.run_mutation(hand_over_batch, from_agent=from_agent, to_agent=to_agent):
        moved_total += moved
    return moved_total


@mutation(internal=True)
async def hand_over_batch(ctx: MutationCtx, *, from_agent: Id[Agent], to_agent: Id[Agent]) -> int:
    """Give some records of one agent to another. How many; 0 when none are left."""
    agent = await require(ctx, "agents.manage")
    giver = await find(ctx, agent, from_agent)
    taker = await find(ctx, agent, to_agent)
    if giver.id == taker.id:
        return 0
    moved = 0
    for table in (Contact, Deal, Task):
        for record in await _some_records(ctx, giver, table, HAND_OVER_BATCH - moved):
            await assign(ctx, record, taker)
            moved += 1
    return moved


async def assign(ctx: MutationCtx, record: Owned, taker: Agent) -> None:
    """Make an agent, and their team, answer for a record from now on."""
    if isinstance(record, Deal):
        await totals.remove(ctx, record)
    record.owner_id = taker.id
    record.team_id = taker.team_id
    await ctx.db.save(record)
    if isinstance(record, Deal):
        await totals.add(ctx, record)


async def join(
    ctx: MutationCtx, user: User, *, company_id: Id[Company], role_id: Id[Role], team_id: Id[Team] | None = None
) -> Id[Agent]:
    """Make a user an agent of a company, which they look at from now on. Raises `AlreadyExists`, `QuotaExceeded`."""
    if await agent_of(ctx, user.id, company_id) is not None:
        raise AlreadyExists(what="membership", value=user.email)
    await spend(ctx, company_id, agents=1)
    await ctx.db.patch(user.id, company_id=company_id)
    agent = Agent(company_id=company_id, user_id=user.id, role_id=role_id, team_id=team_id, full_name=user.full_name)
    return await ctx.db.insert(agent)


async def _some_records(ctx: QueryCtx, owner: Agent, table: type[Owned], count: int) -> list[Owned]:
    records = ctx.db.query(table).where(Owned.company_id == owner.company_id, Owned.owner_id == owner.id)
    return await records.take(count)


async def _check_an_owner_stays(ctx: QueryCtx, leaving: Agent) -> None:
    role = await ctx.db.get_existing(leaving.role_id)
    if role.kind != "owner" or not leaving.active:
        return
    owners = ctx.db.query(Agent).where(
        Agent.company_id == leaving.company_id, Agent.role_id == leaving.role_id, Agent.active
    )
    if len(await owners.take(2)) < 2:
        raise LastOwner()
