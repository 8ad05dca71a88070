"""What each plan includes, and the one place where it is spent."""

from collections.abc import Mapping

from pydantic import BaseModel

from backend.errors import QuotaExceeded, Resource
from backend.schema import Company, CompanyUsage, Plan
from schemagen import Id, Int64, MutationCtx, QueryCtx


class PlanLimits(BaseModel, frozen=True):
    """How much of everything a plan includes."""

    contacts: int
    agents: int
    attachment_bytes: Int64


LIMITS: Mapping[Plan, PlanLimits] = {
    Plan.FREE: PlanLimits(contacts=100, agents=3, attachment_bytes=2**20),
    Plan.TEAM: PlanLimits(contacts=10_000, agents=25, attachment_bytes=2**30),
    Plan.BUSINESS: PlanLimits(contacts=1_000_000, agents=1_000, attachment_bytes=2**40),
}


async def usage_of(ctx: QueryCtx, company_id: Id[Company]) -> CompanyUsage:
    """What a company has used of its plan."""
    usage = await ctx.db.query(CompanyUsage).where(CompanyUsage.company_id == company_id).unique()
    assert usage is not None, "companies.found() writes one for every company"
    return usage


async def spend(
    ctx: MutationCtx, company_id: Id[Company], *, contacts: int = 0, agents: int = 0, attachment_bytes: int = 0
) -> None:
    """Count what a mutation is about to add, or gives back if negative. Raises `QuotaExceeded`."""
    company = await ctx.db.get_existing(company_id)
    usage = await usage_of(ctx, company_id)
    usage.contacts += contacts
    usage.agents += agents
    usage.attachment_bytes += attachment_bytes
    if max(contacts, agents, attachment_bytes) > 0:
        check_fits(usage, company.plan)
    await ctx.db.save(usage)


def check_fits(usage: CompanyUsage, plan: Plan) -> None:
    """Raises `QuotaExceeded` for the first resource of which a plan includes less than is used."""
    limits = LIMITS[plan]
    measures: tuple[tuple[Resource, int, int], ...] = (
        ("contacts", usage.contacts, limits.contacts),
        ("agents", usage.agents, limits.agents),
        ("attachment_bytes", usage.attachment_bytes, limits.attachment_bytes),
    )
    for resource, used, limit in measures:
        if used > limit:
            raise QuotaExceeded(resource=resource, limit=limit)
