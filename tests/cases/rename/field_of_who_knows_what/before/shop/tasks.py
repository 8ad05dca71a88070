from typing import Any, Protocol

from schemagen import MutationCtx, QueryCtx, Stored, Table, migration, mutation, query


class Task(Table, name="tasks"):
    title: str


class Titled(Protocol):
    title: str


@query
async def titles(ctx: QueryCtx) -> list[str]:
    tasks = await ctx.db.query(Task).scan().all()
    return [shout(task) for task in tasks] + [whisper(task) for task in tasks]


def shout(task):  # nobody says what it is
    return task.title.upper()


def whisper(task: Titled) -> str:
    return task.title.lower()


@mutation
async def change(ctx: MutationCtx, *, title: str, field: str) -> None:
    made = make(title=title)
    setattr(made, field, title)
    await ctx.db.insert(made)
    await ctx.db.insert(Task(**made.model_dump()))


def make(**fields: Any) -> Task:
    return Task(**fields)


@migration(Task)
async def trimmed(ctx: QueryCtx, stored: Stored) -> dict[str, str]:
    return {"title": stored["title"].strip()}
