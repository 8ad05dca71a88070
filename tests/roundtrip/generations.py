"""One backend in three generations, each as a package of its own: what one application meets while it lives."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from schemagen.introspect import Backend, load

IMPORTS = """\
from typing import Annotated, Literal

from pydantic import BaseModel, Field, field_validator

from schemagen import Id, MutationCtx, QueryCtx, Table, action, mutation, query
"""

FIRST = """
class Label(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def has_a_letter(cls, name: str) -> str:
        if not any(map(str.isalpha, name)):
            raise ValueError("a label has a letter")
        return name


class Task(Table, name="tasks"):
    title: str


class Draft(Table, name="drafts"):
    text: str


@query
async def list_(ctx: QueryCtx, *, title: str | None = None) -> list[Task]:
    return [task for task in await ctx.db.query(Task).scan().all() if title in (None, task.title)]


@query
async def count(ctx: QueryCtx) -> int:
    return await ctx.db.query(Task).scan().count()


@mutation
async def create(
    ctx: MutationCtx,
    *,
    title: Annotated[str, Field(max_length=20)],
    priority: Literal["low", "high"] = "low",
    label: Label | None = None,
) -> Id[Task]:
    return await ctx.db.insert(Task(title=title))


@query
async def mean(ctx: QueryCtx) -> int:
    return 3


@query
async def report(ctx: QueryCtx) -> str:
    return "all is well"


@mutation
async def rename(ctx: MutationCtx, *, task: Id[Task], title: str) -> None:
    await ctx.db.patch(task, title=title)
"""

SECOND = (
    FIRST.replace("    title: str\n", "    title: str\n    note: str | None = None\n", 1)
    + """

@query
async def find(ctx: QueryCtx, *, words: str, fuzzy: bool = False) -> list[Task]:
    return await ctx.db.query(Task).scan().all()
"""
)
"""Nothing that the first knew is lost."""

THIRD = (
    SECOND.replace('Literal["low", "high"]', 'Literal["low", "urgent"]')
    .replace("-> int:\n    return await", "-> Count:\n    total = await")
    .replace("scan().count()\n", "scan().count()\n    return Count(total=total)\n")
    .replace("async def mean(ctx: QueryCtx) -> int", "async def mean(ctx: QueryCtx) -> float")
    .replace("@query\nasync def report", "@query(internal=True)\nasync def report")
    .replace("@query\nasync def list_", "class Count(BaseModel):\n    total: int\n\n\n@query\nasync def list_")
    .replace("@mutation\nasync def rename(ctx: MutationCtx", "@mutation\nasync def retitle(ctx: MutationCtx")
)
"""`count` gives something else, `report` is nobody's business, `rename` is gone, and "high" is no priority any more.

`mean` became a float, which is all the same to TypeScript, and not to Python.
"""

SOURCES = (FIRST, SECOND, THIRD)


@cache
def generation(number: int) -> Backend:
    """The backend as it was first (1), then (2), and is now (3)."""
    folder = Path(mkdtemp(prefix="generations"))
    package = folder / f"generation_{number}"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "tasks.py").write_text(IMPORTS + SOURCES[number - 1])
    return load(package, folder)
