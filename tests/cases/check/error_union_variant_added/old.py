from typing import Literal

from pydantic import BaseModel

from schemagen import AppError, MutationCtx, mutation


class Call(BaseModel):
    kind: Literal["call"] = "call"
    minutes: int


class Mail(BaseModel):
    kind: Literal["mail"] = "mail"
    subject: str


Event = Call | Mail

class Refused(AppError):
    by: Event


@mutation(raises=[Refused])
async def save(ctx: MutationCtx) -> None: ...
