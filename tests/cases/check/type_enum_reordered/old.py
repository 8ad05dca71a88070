from enum import StrEnum

from schemagen import QueryCtx, query


class Stage(StrEnum):
    LEAD = "lead"
    WON = "won"


@query
async def search(ctx: QueryCtx, *, stage: Stage) -> Stage: ...
