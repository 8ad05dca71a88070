from datetime import time

from schemagen import QueryCtx, query


@query
async def load(ctx: QueryCtx) -> time: ...
