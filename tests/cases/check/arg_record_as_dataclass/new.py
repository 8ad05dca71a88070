from dataclasses import dataclass

from schemagen import QueryCtx, query


@dataclass
class Filter:
    text: str


@query
async def search(ctx: QueryCtx, *, filter: Filter) -> None: ...
