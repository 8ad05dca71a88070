from typing import Literal

from schemagen import Open, QueryCtx, query


@query
async def stage(ctx: QueryCtx) -> Open[Literal["lead", "won"]]: ...
