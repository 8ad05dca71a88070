"""The dashboard: what is going on, of all that the caller may see."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field

from backend.permissions import require, visible
from backend.schema import STAGES, Agent, Contact, Deal, DealStatus, Stage, StageTotal, Task
from schemagen import QueryCtx, col, desc, query

WON_MAX = 5_000


class Summary(BaseModel):
    """The figures on top of the dashboard."""

    contacts_by_stage: dict[Stage, int]
    open_deals: int
    open_amount: Decimal
    expected_amount: Decimal
    """What the open deals are worth, each times the probability of its stage."""
    won_amount_this_month: Decimal
    tasks_open: int
    tasks_overdue: int


@dataclass(frozen=True)
class MonthOfSales:
    """What was won in one month."""

    month: date
    """Its first day."""
    deals: int
    amount: Decimal


@query
async def summary(ctx: QueryCtx) -> Summary:
    """The figures of everything you may see. Watch it: it keeps up with the clock, too."""
    agent = await require(ctx, "contacts.view")
    contacts = await visible(ctx, agent, Contact)
    tasks = (await visible(ctx, agent, Task)).where(Task.status == "open")
    now = ctx.tick(timedelta(minutes=1))
    deals, amount, expected = await _open_deals(ctx, agent)
    won = await _won_since(ctx, agent, _month_start(now.date()))
    return Summary(
        contacts_by_stage={stage: await contacts.where(Contact.stage == stage).count() for stage in STAGES},
        open_deals=deals,
        open_amount=amount,
        expected_amount=expected,
        won_amount_this_month=sum((deal.amount for deal in won), Decimal(0)),
        tasks_open=await tasks.count(),
        tasks_overdue=await tasks.where(col(Task.due_at) < now).count(),
    )


@query
async def sales_by_month(ctx: QueryCtx, *, months: Annotated[int, Field(ge=1, le=24)] = 6) -> list[MonthOfSales]:
    """What was won in each of the last `months`, this one last; the latest 5000 deals count."""
    agent = await require(ctx, "deals.view")
    starts = [_month_start(ctx.tick(timedelta(hours=1)).date())]
    while len(starts) < months:
        starts.append(_month_start(starts[-1] - timedelta(days=1)))
    by_month: dict[date, list[Decimal]] = {start: [] for start in reversed(starts)}
    for deal in await _won_since(ctx, agent, starts[-1]):
        assert deal.closed_at is not None
        by_month[_month_start(deal.closed_at.date())].append(deal.amount)
    return [
        MonthOfSales(month=month, deals=len(amounts), amount=sum(amounts, Decimal(0)))
        for month, amounts in by_month.items()
    ]


async def _open_deals(ctx: QueryCtx, agent: Agent) -> tuple[int, Decimal, Decimal]:
    """How many, their sum, and their sum weighted by probability; from a row for each owner and stage."""
    deals, amount, expected = 0, Decimal(0), Decimal(0)
    async for total in await visible(ctx, agent, StageTotal):
        stage = await ctx.db.get(total.stage_id)
        if stage is not None and stage.kind == "open":
            deals += total.deals
            amount += total.amount
            expected += total.amount * Decimal(str(stage.win_probability))
    return deals, amount, expected.quantize(Decimal("0.01"))


async def _won_since(ctx: QueryCtx, agent: Agent, day: date) -> list[Deal]:
    won = (await visible(ctx, agent, Deal)).where(
        Deal.status == DealStatus.WON, col(Deal.closed_at) >= datetime.combine(day, time(), UTC)
    )
    return await won.order_by(desc(Deal.closed_at)).take(WON_MAX)


def _month_start(day: date) -> date:
    return day.replace(day=1)
