"""Deals: what contacts may buy, and how far each has come."""

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel

from backend import totals
from backend.activities import record
from backend.errors import InvalidStageMove
from backend.permissions import find, may_see, require, visible
from backend.pipelines import stages_of
from backend.schema import (
    Change,
    Contact,
    Deal,
    DealClosed,
    DealCreated,
    DealMoved,
    DealStatus,
    Money,
    Name,
    Pipeline,
    PipelineStage,
    StageTotal,
)
from schemagen import FIRST, Id, MutationCtx, Page, PageRequest, QueryCtx, mutation, query

CARDS_MAX = 25
DEALS_PER_CONTACT_MAX = 100


class DealCard(BaseModel):
    """A deal as a board shows it."""

    deal: Deal
    contact_name: str
    owner_name: str


class BoardColumn(BaseModel):
    """A stage, its first cards, and how much there is in all."""

    stage: PipelineStage
    cards: list[DealCard]
    """At most 25, the oldest first."""
    deals: int
    amount: Decimal


class Board(BaseModel):
    """A pipeline as a board, its stages left to right."""

    pipeline: Pipeline
    columns: list[BoardColumn]


@query
async def list_(ctx: QueryCtx, *, status: DealStatus = DealStatus.OPEN, page: PageRequest = FIRST) -> Page[DealCard]:
    """The deals of one status that you may see, those expected to close first on top."""
    agent = await require(ctx, "deals.view")
    deals = (await visible(ctx, agent, Deal)).where(Deal.status == status)
    found = await deals.order_by(Deal.expected_close_on).paginate(page)
    return Page(items=[await _card(ctx, deal) for deal in found.items], next_cursor=found.next_cursor)


@query
async def board(ctx: QueryCtx, *, pipeline_id: Id[Pipeline]) -> Board:
    """A pipeline with the deals you may see."""
    agent = await require(ctx, "deals.view")
    pipeline = await find(ctx, agent, pipeline_id)
    deals, totals = await visible(ctx, agent, Deal), await visible(ctx, agent, StageTotal)
    columns: list[BoardColumn] = []
    for stage in await stages_of(ctx, pipeline_id):
        cards = [await _card(ctx, deal) for deal in await deals.where(Deal.stage_id == stage.id).take(CARDS_MAX)]
        in_stage = await totals.where(StageTotal.stage_id == stage.id).all()
        columns.append(
            BoardColumn(
                stage=stage,
                cards=cards,
                deals=sum(total.deals for total in in_stage),
                amount=sum((total.amount for total in in_stage), Decimal(0)),
            )
        )
    return Board(pipeline=pipeline, columns=columns)


@query
async def get(ctx: QueryCtx, *, deal_id: Id[Deal]) -> DealCard:
    """One deal, with the names to show."""
    agent = await require(ctx, "deals.view")
    return await _card(ctx, await find(ctx, agent, deal_id))


@query
async def for_contact(ctx: QueryCtx, *, contact_id: Id[Contact]) -> list[Deal]:
    """The deals of a contact that you may see, the oldest first."""
    agent = await require(ctx, "deals.view")
    await find(ctx, agent, contact_id)
    deals = await ctx.db.query(Deal).where(Deal.contact_id == contact_id).take(DEALS_PER_CONTACT_MAX)
    return [deal for deal in deals if await may_see(ctx, agent, deal)]


@mutation
async def create(
    ctx: MutationCtx,
    *,
    contact_id: Id[Contact],
    pipeline_id: Id[Pipeline],
    title: Name,
    amount: Money,
    expected_close_on: date | None = None,
) -> Id[Deal]:
    """Begin a deal with a contact, in the first stage of a pipeline. It is yours."""
    agent = await require(ctx, "deals.create")
    contact = await find(ctx, agent, contact_id)
    await find(ctx, agent, pipeline_id)
    first_stage, *_ = await stages_of(ctx, pipeline_id)
    deal = Deal(
        company_id=agent.company_id,
        owner_id=agent.id,
        team_id=agent.team_id,
        contact_id=contact.id,
        pipeline_id=pipeline_id,
        stage_id=first_stage.id,
        title=title,
        amount=amount,
        expected_close_on=expected_close_on,
    )
    _enter(deal, first_stage, ctx.now)
    deal_id = await insert(ctx, deal)
    await record(ctx, deal, contact_id, DealCreated(deal_id=deal_id, amount=amount), by=agent)
    return deal_id


@mutation
async def set_amount(ctx: MutationCtx, *, deal_id: Id[Deal], amount: Money) -> None:
    """Say what a deal is worth, in the currency of its pipeline."""
    agent = await require(ctx, "deals.edit")
    deal = await find(ctx, agent, deal_id)
    await totals.remove(ctx, deal)
    deal.amount = amount
    await ctx.db.save(deal)
    await totals.add(ctx, deal)


@mutation
async def expect_close(ctx: MutationCtx, *, deal_id: Id[Deal], on: date | None) -> None:
    """Say when a deal should be decided; None if nobody knows."""
    agent = await require(ctx, "deals.edit")
    await find(ctx, agent, deal_id)
    await ctx.db.patch(deal_id, expected_close_on=on)


@mutation(raises=[InvalidStageMove])
async def move(ctx: MutationCtx, *, deal_id: Id[Deal], stage_id: Id[PipelineStage]) -> Deal:
    """Take a deal to another stage of its pipeline; a stage that means won or lost closes it for good."""
    agent = await require(ctx, "deals.edit")
    deal = await find(ctx, agent, deal_id)
    target = await find(ctx, agent, stage_id)
    origin = await ctx.db.get_existing(deal.stage_id)
    _check_move(deal, origin, target)
    await totals.remove(ctx, deal)
    _enter(deal, target, ctx.now)
    await ctx.db.save(deal)
    await totals.add(ctx, deal)
    if deal.status is DealStatus.OPEN:
        moved = DealMoved(deal_id=deal_id, stage=Change[str](before=origin.name, after=target.name))
        await record(ctx, deal, deal.contact_id, moved, by=agent)
    else:
        closed = DealClosed(deal_id=deal_id, won=deal.status is DealStatus.WON, amount=deal.amount)
        await record(ctx, deal, deal.contact_id, closed, by=agent)
    return deal


@mutation
async def delete(ctx: MutationCtx, *, deal_id: Id[Deal]) -> None:
    """Delete a deal, as if it had never been."""
    agent = await require(ctx, "deals.delete")
    deal = await find(ctx, agent, deal_id)
    await totals.remove(ctx, deal)
    await ctx.db.delete(deal_id)


async def insert(ctx: MutationCtx, deal: Deal) -> Id[Deal]:
    """Store a new deal and count it."""
    deal_id = await ctx.db.insert(deal)
    await totals.add(ctx, deal)
    return deal_id


def _check_move(deal: Deal, origin: PipelineStage, target: PipelineStage) -> None:
    if deal.status is not DealStatus.OPEN:
        raise InvalidStageMove(from_stage=origin.name, to_stage=target.name, reason="deal_closed")
    if target.pipeline_id != deal.pipeline_id:
        raise InvalidStageMove(from_stage=origin.name, to_stage=target.name, reason="other_pipeline")
    if target.id == origin.id:
        raise InvalidStageMove(from_stage=origin.name, to_stage=target.name, reason="same_stage")


def _enter(deal: Deal, stage: PipelineStage, now: datetime) -> None:
    """What a stage means for a deal that is put into it."""
    deal.stage_id = stage.id
    deal.status = DealStatus(stage.kind)
    deal.closed_at = None if stage.kind == "open" else now


async def _card(ctx: QueryCtx, deal: Deal) -> DealCard:
    contact = await ctx.db.get_existing(deal.contact_id)
    owner = await ctx.db.get_existing(deal.owner_id)
    return DealCard(deal=deal, contact_name=contact.full_name, owner_name=owner.full_name)
