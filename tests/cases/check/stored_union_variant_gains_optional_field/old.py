from typing import Literal

from pydantic import BaseModel

from schemagen import MutationCtx, Table, mutation


class Call(BaseModel):
    kind: Literal["call"] = "call"
    minutes: int


class Mail(BaseModel):
    kind: Literal["mail"] = "mail"
    subject: str


Event = Call | Mail


class Entry(Table, name="entries"):
    event: Event


@mutation
async def clear(ctx: MutationCtx) -> None: ...
