from typing import Optional, Union

from schemagen import QueryCtx, query


@query
async def search(ctx: QueryCtx, *, text: Optional[str], tags: list[int | (str | None)]) -> Union[str, None]: ...
