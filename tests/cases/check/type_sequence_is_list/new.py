from schemagen import QueryCtx, query

from collections.abc import Sequence


@query
async def search(ctx: QueryCtx, *, tags: Sequence[str]) -> tuple[str, ...]: ...
