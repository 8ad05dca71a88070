from typing import Literal

from schemagen import QueryCtx, query


@query
async def search(ctx: QueryCtx, *, stage: Literal["won", "lead"]) -> Literal["won", "lead"]: ...
