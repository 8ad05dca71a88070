from schemagen import MutationCtx, QueryCtx, action, mutation, query


@query
async def read(ctx: MutationCtx) -> None: ...


@mutation
async def write(ctx) -> None: ...


@action
async def act() -> None: ...


@mutation
async def write_with_less(ctx: QueryCtx) -> None:
    """A mutation that only reads is fine."""
