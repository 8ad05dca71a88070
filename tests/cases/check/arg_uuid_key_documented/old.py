from uuid import UUID

from schemagen import MutationCtx, mutation


@mutation
async def save(ctx: MutationCtx, *, counts: dict[UUID, int]) -> None: ...
