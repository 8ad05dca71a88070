from schemagen import MutationCtx, QueryCtx, mutation, query


@query
async def list_(ctx: QueryCtx, *, day: str) -> list[str]:
    return []


@mutation
async def create(ctx: MutationCtx, *, title: str) -> str:
    return title
