from enum import StrEnum

from schemagen import QueryCtx, query


class Stage(StrEnum):
    WON = "won"
    LEAD = "lead"


@query
async def search(ctx: QueryCtx, *, stage: Stage) -> Stage: ...
