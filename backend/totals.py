"""Stage totals: how many deals each owner has in each stage and what they are worth, added up as deals change."""

from backend.schema import Deal, StageTotal
from schemagen import MutationCtx


async def add(ctx: MutationCtx, deal: Deal) -> None:
    """Count a deal where it now is."""
    await _change(ctx, deal, sign=1)


async def remove(ctx: MutationCtx, deal: Deal) -> None:
    """Stop counting a deal where it is; call this before its owner, team, stage or amount changes."""
    await _change(ctx, deal, sign=-1)


async def _change(ctx: MutationCtx, deal: Deal, *, sign: int) -> None:
    owner_id, team_id, stage_id = deal.owner_id, deal.team_id, deal.stage_id
    totals = ctx.db.query(StageTotal).where(
        StageTotal.owner_id == owner_id, StageTotal.team_id == team_id, StageTotal.stage_id == stage_id
    )
    stored = await totals.unique()
    total = stored or StageTotal(company_id=deal.company_id, owner_id=owner_id, team_id=team_id, stage_id=stage_id)
    total.deals += sign
    total.amount += sign * deal.amount
    if stored:
        await ctx.db.save(total)
    else:
        await ctx.db.insert(total)
