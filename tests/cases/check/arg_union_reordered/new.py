from typing import Literal

from pydantic import BaseModel

from schemagen import MutationCtx, mutation


class Mail(BaseModel):
    kind: Literal["mail"] = "mail"
    subject: str


class Call(BaseModel):
    kind: Literal["call"] = "call"
    minutes: int


Event = Mail | Call


@mutation
async def log(ctx: MutationCtx, *, event: Event) -> None: ...
