from pydantic import BaseModel

from schemagen import QueryCtx, query


class Contact(BaseModel):
    name: str
    phone: str


@query
async def by_name(ctx: QueryCtx) -> list[Contact]: ...


@query
async def by_phone(ctx: QueryCtx) -> list[Contact]: ...


@query
async def by_team(ctx: QueryCtx) -> list[Contact]: ...


@query
async def by_stage(ctx: QueryCtx) -> list[Contact]: ...
