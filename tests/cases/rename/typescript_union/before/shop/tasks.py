from pydantic import BaseModel

from schemagen import QueryCtx, query


class Task(BaseModel):
    due_on: str


class Note(BaseModel):
    due_on: str
    text: str


@query
async def list_(ctx: QueryCtx) -> list[Task]:
    return []


@query
async def notes(ctx: QueryCtx) -> list[Note]:
    return []
