from typing import Literal

from schemagen import Open, QueryCtx, query

Stage = Literal["lead", "won"]


@query
async def stage(ctx: QueryCtx) -> Open[Stage]: ...
