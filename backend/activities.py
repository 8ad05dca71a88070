"""Activities: what happened to contacts and deals, and who did it."""

from datetime import timedelta

from pydantic import BaseModel

from backend.permissions import find, require, require_agent, visible
from backend.schema import (
    Activity,
    ActivityKind,
    ActivityPayload,
    Agent,
    CallLogged,
    CallOutcome,
    Contact,
    NotificationSettings,
    Owned,
)
from schemagen import FIRST, Id, MutationCtx, Open, Page, PageRequest, QueryCtx, desc, mutation, query


class FeedItem(BaseModel):
    """An activity with the names to show."""

    activity: Activity
    actor_name: str | None
    contact_name: str | None
    """None if the contact was deleted since."""


@query
async def feed(ctx: QueryCtx, *, page: PageRequest = FIRST) -> Page[FeedItem]:
    """What happened to the records you may see, the latest first, without the kinds you muted.

    A page holds fewer items than asked for where muted ones were left out.
    """
    agent = await require(ctx, "activities.view")
    muted = await muted_by(ctx, agent)
    activities = await visible(ctx, agent, Activity)
    found = await activities.order_by(desc(Activity.creation_time)).paginate(page)
    shown = [activity for activity in found.items if activity.payload.kind not in muted]
    return Page(items=await _feed_items(ctx, shown), next_cursor=found.next_cursor)


@query
async def list_(ctx: QueryCtx, *, contact_id: Id[Contact], page: PageRequest = FIRST) -> Page[Activity]:
    """What happened to one contact, the latest first."""
    agent = await require(ctx, "activities.view")
    await find(ctx, agent, contact_id)
    activities = ctx.db.query(Activity).where(Activity.contact_id == contact_id)
    return await activities.order_by(desc(Activity.creation_time)).paginate(page)


@mutation
async def log_call(
    ctx: MutationCtx, *, contact_id: Id[Contact], duration: timedelta, outcome: Open[CallOutcome]
) -> Id[Activity]:
    """Remember a call with a contact."""
    agent = await require(ctx, "contacts.edit")
    contact = await find(ctx, agent, contact_id)
    return await record(ctx, contact, contact_id, CallLogged(duration=duration, outcome=outcome), by=agent)


@query
async def muted(ctx: QueryCtx) -> set[ActivityKind]:
    """The kinds of activity you do not want in your feed."""
    return await muted_by(ctx, await require_agent(ctx))


@mutation
async def mute(ctx: MutationCtx, *, kinds: set[ActivityKind]) -> None:
    """Choose the kinds of activity you do not want in your feed."""
    agent = await require_agent(ctx)
    settings = await _settings_of(ctx, agent)
    if settings is None:
        await ctx.db.insert(NotificationSettings(company_id=agent.company_id, agent_id=agent.id, muted=kinds))
    else:
        await ctx.db.patch(settings.id, muted=kinds)


async def record(
    ctx: MutationCtx, about: Owned, contact_id: Id[Contact], payload: ActivityPayload, *, by: Agent | None
) -> Id[Activity]:
    """Store what happened to a record, for whoever may see the record. `by` is None if it came from outside."""
    return await ctx.db.insert(
        Activity(
            company_id=about.company_id,
            owner_id=about.owner_id,
            team_id=about.team_id,
            contact_id=contact_id,
            actor_id=by.id if by else None,
            payload=payload,
        )
    )


async def muted_by(ctx: QueryCtx, agent: Agent) -> set[ActivityKind]:
    """What an agent muted; nothing by default."""
    settings = await _settings_of(ctx, agent)
    return settings.muted if settings else set()


async def _settings_of(ctx: QueryCtx, agent: Agent) -> NotificationSettings | None:
    return await ctx.db.query(NotificationSettings).where(NotificationSettings.agent_id == agent.id).unique()


async def _feed_items(ctx: QueryCtx, activities: list[Activity]) -> list[FeedItem]:
    actors = await ctx.db.get_many({each.actor_id for each in activities if each.actor_id})
    contacts = await ctx.db.get_many({each.contact_id for each in activities})
    names = {found.id: found.full_name for found in (*actors, *contacts) if found}
    return [
        FeedItem(
            activity=activity,
            actor_name=names.get(activity.actor_id) if activity.actor_id else None,
            contact_name=names.get(activity.contact_id),
        )
        for activity in activities
    ]
