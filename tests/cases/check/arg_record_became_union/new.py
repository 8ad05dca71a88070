from typing import Literal

from pydantic import BaseModel

from schemagen import MutationCtx, mutation


class Call(BaseModel):
    kind: Literal["call"] = "call"
    minutes: int


class Mail(BaseModel):
    kind: Literal["mail"] = "mail"
    subject: str


Event = Call | Mail


@mutation
async def log(ctx: MutationCtx, *, event: Event) -> None: ...
