from datetime import date

from schemagen import QueryCtx, query


@query
async def load(ctx: QueryCtx) -> date: ...
