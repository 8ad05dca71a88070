from typing import Literal

from schemagen import Id, MutationCtx, QueryCtx, Table, mutation, query

Stage = Literal["lead", "won"]


class Contact(Table, name="contacts"):
    name: str
    stage: Stage


@query
async def get(ctx: QueryCtx, *, id: Id[Contact]) -> Contact: ...


@query
async def list_(ctx: QueryCtx, *, stage: Stage | None = None) -> list[Contact]: ...


@mutation
async def move(ctx: MutationCtx, *, id: Id[Contact], stage: Stage) -> None: ...
