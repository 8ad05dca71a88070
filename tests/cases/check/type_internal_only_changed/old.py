from pydantic import BaseModel

from schemagen import MutationCtx, QueryCtx, mutation, query


class Job(BaseModel):
    text: str


@query
async def ping(ctx: QueryCtx) -> None: ...


@mutation(internal=True)
async def run(ctx: MutationCtx, *, job: Job) -> Job: ...
