from typing import Any

from schemagen import QueryCtx, query


@query
async def load(ctx: QueryCtx) -> Any: ...
