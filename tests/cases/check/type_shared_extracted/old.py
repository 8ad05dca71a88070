from typing import Literal

from schemagen import Id, MutationCtx, QueryCtx, Table, mutation, query


class Contact(Table, name="contacts"):
    name: str
    stage: Literal["lead", "won"]


@query
async def get(ctx: QueryCtx, *, id: Id[Contact]) -> Contact: ...


@query
async def list_(ctx: QueryCtx, *, stage: Literal["lead", "won"] | None = None) -> list[Contact]: ...


@mutation
async def move(ctx: MutationCtx, *, id: Id[Contact], stage: Literal["lead", "won"]) -> None: ...
