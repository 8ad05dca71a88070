from typing import Generic, TypeVar

from pydantic import BaseModel

from schemagen import QueryCtx, query

T = TypeVar("T")


class Box(BaseModel, Generic[T]):
    content: T


@query
async def open_box(ctx: QueryCtx) -> Box[int]: ...
