import dataclasses
from dataclasses import dataclass, field, replace

from schemagen import QueryCtx, query


@dataclass
class Point:
    left: int
    top: int = field(default=0)


@query
async def move(ctx: QueryCtx, *, point: Point) -> Point:
    moved = replace(point, left=point.left + 1)
    moved = dataclasses.replace(moved, left=moved.left)
    return Point(left=moved.left, top=2)
