from typing import Annotated

from pydantic import Field

import schemagen
from schemagen import QueryCtx, Table, query


class Task(Table, name="tasks"):
    title: Annotated[str, Field(max_length=10), schemagen.renamed_from("label", "text")]
    note: Annotated[
        str,
        Field(max_length=10),  # short
    ] = ""


@query
async def tasks(ctx: QueryCtx) -> list[Task]:
    return await ctx.db.query(Task).scan().all()
