from functools import partial

from schemagen import ActionCtx, MutationCtx, action, mutation


@mutation
async def create(
    ctx: MutationCtx,
    *,
    title: str = "",  # what to do
    done: bool = False,
) -> int:
    """Make a task; `title` says what."""

    def shown() -> str:
        return f"{title}!"

    lengths = [len(title) for _ in range(2)]
    return sum(lengths) + len(shown())


@mutation
async def other(ctx: MutationCtx, *, title: str) -> int:
    return await create(ctx, title=title)
