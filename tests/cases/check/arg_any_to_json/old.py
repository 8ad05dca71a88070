from typing import Any

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, value: Any) -> None: ...
