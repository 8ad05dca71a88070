from dataclasses import dataclass

from schemagen import QueryCtx, query


@dataclass
class Filter:
    text: str


@query
async def load(ctx: QueryCtx) -> Filter: ...
