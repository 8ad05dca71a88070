from typing import Literal

from schemagen import QueryCtx, query

Stage = Literal["open", "won"]


@query
async def deals(ctx: QueryCtx, *, stage: Stage = "open") -> list[Stage]:
    return [stage]
