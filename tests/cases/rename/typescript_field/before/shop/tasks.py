from pydantic import BaseModel

from schemagen import QueryCtx, query


class Task(BaseModel):
    due_on: str
    note: str = ""


class Note(BaseModel):
    due_on: str


@query
async def list_(ctx: QueryCtx, *, like: Task) -> list[Task]:
    return []


@query
async def notes(ctx: QueryCtx) -> list[Note]:
    return []
