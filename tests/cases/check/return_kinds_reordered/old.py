from schemagen import QueryCtx, query


@query
async def load(ctx: QueryCtx) -> int | str | None: ...
