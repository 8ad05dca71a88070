from enum import Enum

from schemagen import QueryCtx, query


class Stage(Enum):
    OPEN = "open"


@query
async def deals(ctx: QueryCtx, *, stage: Stage = Stage.OPEN) -> list[Stage]:
    return [stage]
