from schemagen import QueryCtx

from schemagen import QueryCtx, query


@query
async def search(ctx: QueryCtx, *, text: str) -> list[str]: ...
