from schemagen import QueryCtx, query

Name = str


@query
async def search(ctx: QueryCtx, *, text: Name) -> list[Name]: ...
