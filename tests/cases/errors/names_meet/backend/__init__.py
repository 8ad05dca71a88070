from schemagen import QueryCtx, query


@query
async def billing(ctx: QueryCtx) -> None:
    """Meets the module billing."""
