"""Settings: how a company likes to work."""

from backend.errors import TooMany
from backend.permissions import require, require_agent
from backend.schema import Agent, CompanySettings, Weekday, WorkingHours
from schemagen import JsonValue, MutationCtx, QueryCtx, mutation, query

CUSTOM_MAX = 100


@query
async def get(ctx: QueryCtx) -> CompanySettings:
    """The settings of your company."""
    return await _settings_of(ctx, await require_agent(ctx))


@mutation
async def update(ctx: MutationCtx, *, time_zone: str, working_hours: dict[Weekday, WorkingHours]) -> None:
    """Say where and when your company works; a day that is missing is a day off."""
    agent = await require(ctx, "company.manage")
    settings = await _settings_of(ctx, agent)
    await ctx.db.patch(settings.id, time_zone=time_zone, working_hours=working_hours)


@mutation(raises=[TooMany])
async def set_custom(ctx: MutationCtx, *, key: str, value: JsonValue) -> None:
    """Keep any JSON value under a key of your own; null removes it."""
    agent = await require(ctx, "company.manage")
    settings = await _settings_of(ctx, agent)
    custom = {**settings.custom, key: value}
    if value is None:
        del custom[key]
    if len(custom) > CUSTOM_MAX:
        raise TooMany(limit=CUSTOM_MAX)
    await ctx.db.patch(settings.id, custom=custom)


async def _settings_of(ctx: QueryCtx, agent: Agent) -> CompanySettings:
    settings = await ctx.db.query(CompanySettings).where(CompanySettings.company_id == agent.company_id).unique()
    assert settings is not None, "companies.found() writes one for every company"
    return settings
