from schemagen import MutationCtx, QueryCtx, mutation, query


@query(renamed_from="tasks.list")
async def open_tasks(ctx: QueryCtx) -> list[str]:
    return []


@mutation(
    internal=True,
    renamed_from=["tasks.tidy", "tasks.clean"],  # twice already
)
async def sweep(ctx: MutationCtx) -> None: ...
