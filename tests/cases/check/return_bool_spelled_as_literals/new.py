from typing import Literal

from schemagen import QueryCtx, query


@query
async def load(ctx: QueryCtx) -> Literal[True, False]: ...
