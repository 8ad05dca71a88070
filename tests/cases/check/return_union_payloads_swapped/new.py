from typing import Literal

from pydantic import BaseModel

from schemagen import QueryCtx, query


class Mail(BaseModel):
    kind: Literal["mail"] = "mail"
    minutes: int


class Call(BaseModel):
    kind: Literal["call"] = "call"
    subject: str


Event = Mail | Call


@query
async def last(ctx: QueryCtx) -> Event: ...
