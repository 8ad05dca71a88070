from typing import (
    Annotated,
    Literal,
)

from pydantic import Field

from schemagen import QueryCtx, Table, query

Kind = Literal["a", "b"]


class Task(Table, name="tasks"):
    note: Annotated[
        str,
        Field(max_length=10),  # short
    ] = ""
    kind: Kind = "a"


@query
async def tasks(ctx: QueryCtx) -> list[Task]:
    return await ctx.db.query(Task).scan().all()
