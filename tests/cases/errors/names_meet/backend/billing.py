from pydantic import BaseModel

from schemagen import AppError, QueryCtx, query


class HTTPError(AppError):
    """One."""


class HttpError(AppError):
    """Another."""


class Invoice(BaseModel):
    paid_at: str
    paidAt: str


@query
async def list(ctx: QueryCtx) -> Invoice: ...


@query
async def list_(ctx: QueryCtx, *, from_: str, fro_m: str = "", froM: str = "") -> None: ...


@query
async def get(ctx: QueryCtx) -> None: ...


@query
async def get(ctx: QueryCtx) -> int: ...
