from pydantic import BaseModel

from schemagen import MutationCtx, QueryCtx, mutation, query


class Invoice(BaseModel):
    total: int


@query
async def list_(ctx: QueryCtx) -> list[Invoice]:
    return []


@mutation
async def mark_paid(ctx: MutationCtx, *, invoice: Invoice) -> None: ...
