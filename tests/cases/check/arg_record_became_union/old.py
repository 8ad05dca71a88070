from typing import Literal

from pydantic import BaseModel

from schemagen import MutationCtx, mutation


class Call(BaseModel):
    kind: Literal["call"] = "call"
    minutes: int


@mutation
async def log(ctx: MutationCtx, *, event: Call) -> None: ...
