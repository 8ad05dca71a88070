from typing import Literal

from pydantic import BaseModel

from schemagen import QueryCtx, query


class Call(BaseModel):
    type: Literal["call"] = "call"
    minutes: int


class Mail(BaseModel):
    type: Literal["mail"] = "mail"
    subject: str


Event = Call | Mail


@query
async def last(ctx: QueryCtx) -> Event: ...
