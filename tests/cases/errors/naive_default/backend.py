from datetime import datetime

from schemagen import QueryCtx, Table, query


class Task(Table, name="tasks"):
    due_at: datetime = datetime(2030, 1, 1)


@query
async def due(ctx: QueryCtx, *, before: datetime = datetime(2030, 1, 1)) -> None: ...
