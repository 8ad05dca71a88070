from typing import Literal

from schemagen import Open, QueryCtx, query


@query
async def load(ctx: QueryCtx) -> Open[Literal["lead", "won", "lost"]]: ...
