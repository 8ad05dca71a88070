from typing import Literal

from pydantic import BaseModel

from schemagen import MutationCtx, mutation


class Call(BaseModel):
    type: Literal["call"] = "call"
    minutes: int


class Mail(BaseModel):
    type: Literal["mail"] = "mail"
    subject: str


Event = Call | Mail


@mutation
async def log(ctx: MutationCtx, *, event: Event) -> None: ...
