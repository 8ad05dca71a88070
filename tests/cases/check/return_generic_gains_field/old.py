from typing import Generic, TypeVar

from pydantic import BaseModel

from schemagen import QueryCtx, query

T = TypeVar("T")


class Box(BaseModel, Generic[T]):
    content: T


@query
async def one(ctx: QueryCtx) -> Box[int]: ...


@query
async def two(ctx: QueryCtx) -> Box[str]: ...
