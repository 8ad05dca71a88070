from enum import StrEnum

from schemagen import QueryCtx, query


class Stage(StrEnum):
    LEAD = "lead"
    CLOSED = "won"


@query
async def search(ctx: QueryCtx, *, stage: Stage) -> Stage: ...
