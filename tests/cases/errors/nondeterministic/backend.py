import random
import secrets
import time
import uuid
from datetime import UTC, date, datetime
from random import choice

from pydantic import Field

from schemagen import ActionCtx, Id, MutationCtx, QueryCtx, Table, action, mutation, query


class Note(Table, name="notes"):
    text: str
    made_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    number: uuid.UUID = Field(default_factory=uuid.uuid4)


def stamp(text: str) -> str:
    return f"{text} {time.time():.0f}"


@query
async def today(ctx: QueryCtx) -> date:
    return date.today()


@query
async def token(ctx: QueryCtx) -> str:
    return secrets.token_hex()


@query
async def timed(ctx: QueryCtx) -> list[float]:
    from time import perf_counter, time_ns

    started = perf_counter() + time_ns()
    return [random.random() for _ in range(3)] if perf_counter() > started else []


@mutation
async def create(ctx: MutationCtx, *, texts: list[str]) -> Id[Note]:
    secrets.token_hex()
    return await ctx.db.insert(Note(text=stamp(choice(texts))))


@mutation
async def fine(ctx: MutationCtx) -> float:
    return ctx.random.random() + ctx.now.timestamp()


@action
async def anything(ctx: ActionCtx) -> float:
    return time.time() + random.random()
