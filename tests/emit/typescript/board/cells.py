"""Queries that all return the same number: whoever shows two of them shows whether they are of one moment."""

from pydantic import BaseModel

from schemagen import MutationCtx, QueryCtx, mutation, query

from .schema import Counter


class Row(BaseModel):
    id: str
    value: int


async def count(ctx: QueryCtx) -> int:
    counter = await ctx.db.query(Counter).where(Counter.name == "cells").first()
    return counter.value if counter else 0


@query
async def read(ctx: QueryCtx, *, index: int) -> int:
    return await count(ctx)


@query
async def rows(ctx: QueryCtx) -> list[Row]:
    """The number as 30 rows that add up to it; a step changes one of them."""
    total = await count(ctx)
    return [Row(id=f"row {number}", value=(total + number) // 30) for number in range(30)]


@mutation
async def bump(ctx: MutationCtx) -> int:
    counter = await ctx.db.query(Counter).where(Counter.name == "cells").first()
    if counter is None:
        await ctx.db.insert(Counter(name="cells", value=1))
        return 1
    await ctx.db.patch(counter.id, value=counter.value + 1)
    return counter.value + 1
