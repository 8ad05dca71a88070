from dataclasses import dataclass

from schemagen import MutationCtx, Table, mutation


@dataclass
class Filter:
    text: str


class View(Table, name="views"):
    filter: Filter


@mutation
async def clear(ctx: MutationCtx) -> None: ...
