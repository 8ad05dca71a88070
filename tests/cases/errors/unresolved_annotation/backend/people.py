from __future__ import annotations

from typing import TYPE_CHECKING

from schemagen import QueryCtx, query

if TYPE_CHECKING:
    from backend.schema import Contact


@query
async def get(ctx: QueryCtx, *, name: Nmae) -> Contact | None: ...
