"""A small project in a temporary folder, and commands run in it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from schemagen.cli.main import main

CONFIG = """
    [tool.schemagen]
    backend = "shop_backend"

    [tool.schemagen.python]
    out = "generated/python"
    package = "shop"

    [tool.schemagen.typescript]
    out = "generated/typescript"
    package = "@shop/backend"
"""

SCHEMA = '''
    from schemagen import Table, index

    class Task(Table, name="tasks"):
        """Something to do."""

        title: str
        done: bool = False

        by_done = index("done")
'''

TASKS = '''
    from schemagen import AppError, Id, MutationCtx, QueryCtx, mutation, query
    from shop_backend.schema import Task

    class TooMany(AppError):
        """Only {limit} tasks may be open."""

        limit: int

    @query
    async def list_(ctx: QueryCtx, *, done: bool = False) -> list[Task]:
        """Tasks."""
        return await ctx.db.query(Task).where(Task.done == done).all()

    @query(internal=True)
    async def count(ctx: QueryCtx) -> int:
        return await ctx.db.query(Task).scan().count()

    @query
    async def caller(ctx: QueryCtx) -> str | None:
        identity = await ctx.auth.identity()
        return None if identity is None else identity.subject

    @mutation(raises=[TooMany])
    async def create(ctx: MutationCtx, *, title: str) -> Id[Task]:
        if title == "too many":
            raise TooMany(limit=3)
        return await ctx.db.insert(Task(title=title))

    @mutation
    async def fail(ctx: MutationCtx) -> None:
        raise RuntimeError("broken on purpose")
'''


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


class Project:
    """Its backend is `shop_backend`, so that importing it here leaves the repository's own `backend` alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("pyproject.toml", CONFIG)
        self.write("shop_backend/__init__.py", "")
        self.write("shop_backend/schema.py", SCHEMA)
        self.write("shop_backend/tasks.py", TASKS)

    def write(self, path: str, text: str) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text).lstrip("\n"), "utf-8")
        return file

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.folder / path).read_text("utf-8")
        assert old in text
        (self.folder / path).write_text(text.replace(old, new), "utf-8")

    def run(self, *arguments: str) -> Ran:
        """A command in this process, with `--project` after its name: one word, or two as in `data export`."""
        words = 2 if arguments[0] == "data" else 1
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main([*arguments[:words], "--project", str(self.folder), *arguments[words:]])
        return Ran(code, out.getvalue(), err.getvalue())

    def spawn(self, *arguments: str, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Ran:
        """A command in a process of its own."""
        return spawn(*arguments, env=env, cwd=cwd or self.folder)

    def tree(self, below: str = ".") -> dict[str, bytes]:
        """Every file of the project but caches and databases."""
        files = (self.folder / below).rglob("*")
        return {
            file.relative_to(self.folder).as_posix(): file.read_bytes()
            for file in sorted(files)
            if file.is_file() and not {"__pycache__", ".schemagen-cache"} & set(file.parts) and ".db" not in file.name
        }


def spawn(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Ran:
    """`schemagen …` in a process of its own, as somebody without a terminal runs it."""
    ended = subprocess.run(
        [sys.executable, "-m", "schemagen", *arguments],
        cwd=cwd,
        env=environment(**(env or {})),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Ran(ended.returncode, ended.stdout, ended.stderr)


def environment(**more: str) -> dict[str, str]:
    """This process' own variables without those that steer schemagen or Python's output."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCHEMAGEN_") and name != "CI"}
    return {**kept, "PYTHONUNBUFFERED": "1", **more}
