from decimal import Decimal

from schemagen import QueryCtx, query


@query
async def load(ctx: QueryCtx) -> Decimal: ...
