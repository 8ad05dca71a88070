"""A package with modules inside modules; one of them has a function and a module of one name."""

from schemagen import QueryCtx, query


@query
async def health(ctx: QueryCtx) -> str:
    return "fine"
