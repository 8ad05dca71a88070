from schemagen import MutationCtx, QueryCtx, mutation, query


@query
async def ping(ctx: QueryCtx) -> None: ...


@mutation
async def store(ctx: MutationCtx, *, count: int) -> None: ...
