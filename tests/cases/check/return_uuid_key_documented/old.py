from uuid import UUID

from schemagen import QueryCtx, query


@query
async def load(ctx: QueryCtx) -> dict[UUID, int]: ...
