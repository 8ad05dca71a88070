from typing import Annotated

from pydantic import BaseModel, Field

from schemagen import AppError, QueryCtx, Table, query


class Contact(Table, name="contacts"):
    id: str
    creation_time: int
    indexes: list[str] = []
    json: str = ""


class Hidden(BaseModel):
    prototype: Annotated[str, Field(alias="__proto__")]
    copy: bool


class Failed(AppError):
    message: str


@query
async def get(ctx: QueryCtx) -> Hidden: ...
