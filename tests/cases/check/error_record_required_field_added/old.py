from pydantic import BaseModel

from schemagen import AppError, MutationCtx, mutation


class Filter(BaseModel):
    text: str


class Refused(AppError):
    filter: Filter


@mutation(raises=[Refused])
async def save(ctx: MutationCtx) -> None: ...
