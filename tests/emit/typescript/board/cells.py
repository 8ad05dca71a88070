"""Queries that all return the same number: whoever shows two of them shows whether they are of one moment."""

from schemagen import MutationCtx, QueryCtx, mutation, query

from .schema import Counter


@query
async def read(ctx: QueryCtx, *, index: int) -> int:
    counter = await ctx.db.query(Counter).where(Counter.name == "cells").first()
    return counter.value if counter else 0


@mutation
async def bump(ctx: MutationCtx) -> int:
    counter = await ctx.db.query(Counter).where(Counter.name == "cells").first()
    if counter is None:
        await ctx.db.insert(Counter(name="cells", value=1))
        return 1
    await ctx.db.patch(counter.id, value=counter.value + 1)
    return counter.value + 1
