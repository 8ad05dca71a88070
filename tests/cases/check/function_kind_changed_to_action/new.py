from schemagen import ActionCtx, QueryCtx, action, query


@query
async def ping(ctx: QueryCtx) -> None: ...


@action
async def search(ctx: ActionCtx, *, text: str) -> list[str]: ...
