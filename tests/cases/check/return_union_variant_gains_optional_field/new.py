from typing import Literal

from pydantic import BaseModel

from schemagen import QueryCtx, query


class Call(BaseModel):
    kind: Literal["call"] = "call"
    minutes: int
    topic: str | None = None


class Mail(BaseModel):
    kind: Literal["mail"] = "mail"
    subject: str


Event = Call | Mail


@query
async def last(ctx: QueryCtx) -> Event: ...
