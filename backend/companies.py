"""Companies: founding one, its plan and its address."""

from pydantic import BaseModel

from backend import agents, pipelines, roles
from backend.errors import AlreadyExists, QuotaExceeded
from backend.permissions import require, require_agent, require_user
from backend.quotas import LIMITS, PlanLimits, check_fits, usage_of
from backend.schema import Address, Company, CompanySettings, CompanyUsage, Name, Plan, User
from schemagen import Id, MutationCtx, QueryCtx, UniqueConflict, mutation, query


class UsageReport(BaseModel):
    """What is used, and what the plan includes."""

    plan: Plan
    used: CompanyUsage
    limits: PlanLimits


@query
async def current(ctx: QueryCtx) -> Company:
    """The company you are looking at."""
    agent = await require_agent(ctx)
    return await ctx.db.get_existing(agent.company_id)


@mutation(raises=[AlreadyExists])
async def create(ctx: MutationCtx, *, name: Name, slug: str) -> Id[Company]:
    """Found a company. You become its owner and are looking at it from now on."""
    user = await require_user(ctx)
    return await found(ctx, Company(name=name, slug=slug), owner=user)


@mutation
async def update(ctx: MutationCtx, *, name: Name, address: Address | None) -> None:
    """Say what the company is called and where it is."""
    agent = await require(ctx, "company.manage")
    await ctx.db.patch(agent.company_id, name=name, address=address)


@query
async def usage(ctx: QueryCtx) -> UsageReport:
    """How much of the plan is used."""
    agent = await require_agent(ctx)
    company = await ctx.db.get_existing(agent.company_id)
    used = await usage_of(ctx, agent.company_id)
    return UsageReport(plan=company.plan, used=used, limits=LIMITS[company.plan])


@mutation(raises=[QuotaExceeded])
async def set_plan(ctx: MutationCtx, *, plan: Plan) -> None:
    """Change the plan; a smaller one only if what is used fits into it."""
    agent = await require(ctx, "company.manage")
    check_fits(await usage_of(ctx, agent.company_id), plan)
    await ctx.db.patch(agent.company_id, plan=plan)


async def found(ctx: MutationCtx, company: Company, *, owner: User) -> Id[Company]:
    """Store a new company with all it needs on its first day: usage, settings, roles, a pipeline and its owner."""
    try:
        company_id = await ctx.db.insert(company)
    except UniqueConflict:
        raise AlreadyExists(what="company_slug", value=company.slug) from None
    await ctx.db.insert(CompanyUsage(company_id=company_id))
    await ctx.db.insert(CompanySettings(company_id=company_id))
    role_ids = await roles.insert_standard(ctx, company_id)
    await pipelines.insert_standard(ctx, company_id)
    await agents.join(ctx, owner, company_id=company_id, role_id=role_ids["owner"])
    return company_id
