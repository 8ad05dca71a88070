from typing import Literal

from pydantic import BaseModel

from schemagen import QueryCtx, query


class Call(BaseModel):
    kind: Literal["call"] = "call"
    minutes: int


class Mail(BaseModel):
    kind: Literal["mail"] = "mail"
    subject: str


class Note(BaseModel):
    kind: Literal["note"] = "note"
    text: str


Event = Call | Mail | Note


@query
async def last(ctx: QueryCtx) -> Event: ...
