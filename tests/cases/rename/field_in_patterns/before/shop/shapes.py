from typing import Annotated, Literal

from pydantic import BaseModel, Field

from schemagen import QueryCtx, query


class Circle(BaseModel):
    kind: Literal["circle"] = "circle"
    size: float


class Square(BaseModel):
    kind: Literal["square"] = "square"
    size: float


Shape = Annotated[Circle | Square, Field(discriminator="kind")]


@query
async def area(ctx: QueryCtx, *, shape: Shape) -> float:
    match shape:
        case Circle(size=size) if size > 0:
            return 3 * size**2
        case Circle() as circle:
            return circle.size
        case Square(size=size):
            return size**2


@query
async def size(ctx: QueryCtx, *, shape: Shape) -> float:
    if isinstance(shape, Circle):
        return shape.size
    return shape.size if isinstance(shape, Square) else 0


@query
async def either(ctx: QueryCtx, *, shape: Shape, shapes: list[Shape]) -> float:
    return shape.size + sum(each.size for each in shapes if isinstance(each, Circle))
