from uuid import UUID

from schemagen import MutationCtx, Table, mutation


class Deal(Table, name="deals"):
    key: UUID


@mutation
async def clear(ctx: MutationCtx) -> None: ...
