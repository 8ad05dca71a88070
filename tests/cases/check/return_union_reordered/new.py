from typing import Literal

from pydantic import BaseModel

from schemagen import QueryCtx, query


class Mail(BaseModel):
    kind: Literal["mail"] = "mail"
    subject: str


class Call(BaseModel):
    kind: Literal["call"] = "call"
    minutes: int


Event = Mail | Call


@query
async def last(ctx: QueryCtx) -> Event: ...
