from enum import IntEnum

from schemagen import Int64, QueryCtx, query


class Level(IntEnum):
    LOW = 1


@query
async def count(ctx: QueryCtx, *, by_level: dict[Level, int], by_number: dict[Int64, int]) -> dict[int, str]: ...
