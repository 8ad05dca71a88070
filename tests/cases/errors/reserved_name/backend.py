from schemagen import QueryCtx, Table, query


class Row(Table, name="sqlite_rows"):
    text: str


@query
async def _hidden(ctx: QueryCtx) -> None: ...


@query(internal=True)
async def _internal(ctx: QueryCtx) -> None:
    """Fine: no client sees it."""
