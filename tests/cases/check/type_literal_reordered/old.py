from typing import Literal

from schemagen import QueryCtx, query


@query
async def search(ctx: QueryCtx, *, stage: Literal["lead", "won"]) -> Literal["lead", "won"]: ...
