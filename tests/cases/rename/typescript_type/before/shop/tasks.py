from typing import Literal

from pydantic import BaseModel

from schemagen import FIRST, Page, PageRequest, QueryCtx, query

Stage = Literal["open", "won"]


class Task(BaseModel):
    title: str
    stage: Stage = "open"


@query
async def list_(ctx: QueryCtx, *, like: Task | None = None, page: PageRequest = FIRST) -> Page[Task]:
    return Page(items=[], next_cursor=None)
