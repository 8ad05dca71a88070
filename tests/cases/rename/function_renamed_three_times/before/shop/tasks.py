from schemagen import MutationCtx, QueryCtx, mutation, query


@mutation(
    internal=True,
    renamed_from=["tasks.tidy", "tasks.clean"],  # twice already
)
async def sweep(ctx: MutationCtx) -> None: ...


@query
async def swept(ctx: QueryCtx) -> bool:
    return True
