from schemagen import MutationCtx, QueryCtx, mutation, query


@query
async def ping(ctx: QueryCtx) -> None: ...


@mutation
async def search(ctx: MutationCtx, *, text: str) -> list[str]: ...
