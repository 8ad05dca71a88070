from typing import Annotated

from schemagen import QueryCtx, query, renamed_from


@query
async def search(ctx: QueryCtx, *, words: Annotated[str, renamed_from("text")]) -> list[str]: ...
