from uuid import UUID

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, key: UUID) -> None: ...
