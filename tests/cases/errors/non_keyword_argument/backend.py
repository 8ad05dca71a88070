from schemagen import ActionCtx, QueryCtx, action, query


@query
async def find(ctx: QueryCtx, text: str) -> str:
    return text


@action
async def send(ctx: ActionCtx, *addresses: str, **headers: str) -> None: ...
