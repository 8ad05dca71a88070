"""A backend that changes below its consumers, as text, and what each change is made of."""

from __future__ import annotations

from pathlib import Path

from schemagen.introspect import Backend, load

BACKEND = """
from typing import Annotated, Literal

from pydantic import Field

from schemagen import AppError, Id, MutationCtx, QueryCtx, Table, mutation, query

Stage = Literal["lead", "won"]


class Contact(Table, name="contacts"):
    full_name: str
    stage: Stage = "lead"
    phone: str | None = None


class QuotaExceeded(AppError):
    limit: int


@query
async def list_(ctx: QueryCtx, *, stage: Stage | None = None, limit: int = 10) -> list[Contact]:
    return await ctx.db.query(Contact).take(limit)


@query
async def scores(ctx: QueryCtx) -> dict[str, int]:
    return {}


@mutation(raises=[QuotaExceeded])
async def create(ctx: MutationCtx, *, full_name: Annotated[str, Field(max_length=200)]) -> Id[Contact]:
    return await ctx.db.insert(Contact(full_name=full_name))


@mutation
async def purge(ctx: MutationCtx) -> None: ...
"""

TIGHTER = ("max_length=200", "max_length=20")
"""Names of 21 characters and more are refused: neither mypy nor tsc can see it."""
NO_SCORES = ("@query\nasync def scores(ctx: QueryCtx) -> dict[str, int]:\n    return {}\n", "")
LOST_STAGE = ('Literal["lead", "won"]', 'Literal["lead", "won", "lost"]')
NO_PHONE = ("    phone: str | None = None\n", "")
NO_PURGE = ("@mutation\nasync def purge(ctx: MutationCtx) -> None: ...\n", "")
NEW_FUNCTION = (
    "@mutation\nasync def purge",
    "@query\nasync def ping(ctx: QueryCtx) -> bool:\n    return True\n\n\n@mutation\nasync def purge",
)
BY_STAGE = ("limit: int = 10)", "limit: int = 10, by: str)")


def backend(folder: Path, *edits: tuple[str, str]) -> Backend:
    """The backend after the edits, each a piece of its text and what stands there now."""
    text = BACKEND
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "backend.py").write_text(text, "utf-8")
    return load(folder / "backend.py", folder)
