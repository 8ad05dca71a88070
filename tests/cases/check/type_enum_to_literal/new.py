from typing import Literal

from schemagen import QueryCtx, query

Stage = Literal["lead", "won"]


@query
async def search(ctx: QueryCtx, *, stage: Stage) -> Stage: ...
