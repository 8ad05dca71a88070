from datetime import datetime

from schemagen import QueryCtx, query


@query
async def load(ctx: QueryCtx) -> datetime: ...
