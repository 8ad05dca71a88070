from schemagen import QueryCtx, query


@query
async def close(ctx: QueryCtx) -> bool:
    """In a module that is named like a method of every client."""
    return True
