from schemagen import QueryCtx, query

from typing import NewType

Email = NewType("Email", str)


@query
async def search(ctx: QueryCtx, *, email: Email) -> Email: ...
