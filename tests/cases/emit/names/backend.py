"""Names that are words of Python, builtins, attributes of pydantic, or those of the SDK itself."""

from datetime import date
from enum import Enum

from pydantic import BaseModel, Field

from schemagen import AppError, MutationCtx, QueryCtx, mutation, query


class Model(BaseModel):
    """Fields that meet what a class or an annotation needs."""

    class_: int
    from_: str
    list_: list[str]
    str_: str
    date: date
    self: int
    json_: str = Field(alias="jsonText")
    copy_: bool
    model_name: str = ""
    dict_: dict[str, "Literal"]
    match: int
    type: str


class Literal(BaseModel):
    Literal: str | None = None


class Client(BaseModel):
    name: str


class Words(Enum):
    upper = "upper"
    title = "title"
    count = "count"
    format = "{format}"
    None_ = "none"


class Timeout(AppError):
    """Took {limit} seconds."""

    code_: int
    data_: str
    limit: int
    safe_to_retry: bool
    args_: list[str]


@query
async def list_(ctx: QueryCtx, *, class_: int, self: str, type: str | None = None) -> list[Model]:
    return []


@query
async def dict_(ctx: QueryCtx, *, lambda_: bool, import_: str = "x") -> dict[str, list[Literal]]:
    return {}


@mutation(raises=[Timeout])
async def import_(ctx: MutationCtx, *, from_: date, client: Client, function: int, arguments: str) -> Words:
    return Words.upper


@query
async def query_(ctx: QueryCtx, *, OMIT: int = 0) -> int:
    return 0


@query
async def int_(ctx: QueryCtx, *, int_: int) -> int:
    return int_


@query
async def call(ctx: QueryCtx) -> str:
    return ""


@query
async def live(ctx: QueryCtx) -> str:
    return ""
