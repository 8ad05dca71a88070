from typing import Literal

from pydantic import BaseModel

from schemagen import MutationCtx, Table, mutation


class Mail(BaseModel):
    kind: Literal["mail"] = "mail"
    subject: str


class Call(BaseModel):
    kind: Literal["call"] = "call"
    minutes: int


Event = Mail | Call


class Entry(Table, name="entries"):
    event: Event


@mutation
async def clear(ctx: MutationCtx) -> None: ...
