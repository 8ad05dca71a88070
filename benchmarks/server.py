"""The servers that are measured, each in a process of its own."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from schemagen.serve import event_loop

ROOT: Final = Path(__file__).parents[1]

BACKEND: Final = '''
from schemagen import Id, MutationCtx, QueryCtx, Table, index, mutation, query


class Contact(Table, name="contacts"):
    company: str
    full_name: str
    stage: str

    by_company = index("company", "full_name")


@query
async def list_(ctx: QueryCtx, *, company: str) -> list[Contact]:
    return await ctx.db.query(Contact).where(Contact.company == company).order_by(Contact.full_name).take(20)


@query
async def page(ctx: QueryCtx, *, company: str, limit: int) -> list[Contact]:
    return await ctx.db.query(Contact).where(Contact.company == company).order_by(Contact.full_name).take(limit)


@mutation
async def create(ctx: MutationCtx, *, company: str, full_name: str) -> Id[Contact]:
    return await ctx.db.insert(Contact(company=company, full_name=full_name, stage="lead"))


@mutation
async def rename(ctx: MutationCtx, *, company: str, full_name: str) -> None:
    first = await ctx.db.query(Contact).where(Contact.company == company).first()
    if first is not None:
        await ctx.db.patch(first.id, full_name=full_name)


@mutation
async def retype(ctx: MutationCtx, *, company: str, full_name: str) -> None:
    """Writes what concerns every query of the company, and changes no result."""
    first = await ctx.db.query(Contact).where(Contact.company == company).first()
    if first is not None:
        await ctx.db.patch(first.id, full_name=full_name)
        await ctx.db.patch(first.id, full_name=first.full_name)
'''


@contextmanager
def running(server: str) -> Iterator[tuple[int, str]]:
    """A server process, and its address. `server` is `ours` or `by_hand`."""
    with tempfile.TemporaryDirectory(prefix="schemagen-bench-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.server", server, folder], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        try:
            yield process.pid, process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait(30)
            process.stdout.close()


def load_crm(folder: Path, backend: str = BACKEND) -> Any:
    """The backend above, or another one's text, introspected."""
    from schemagen.introspect import load

    (folder / "crm").mkdir()
    (folder / "crm" / "__init__.py").touch()
    (folder / "crm" / "contacts.py").write_text(backend)
    return load(folder / "crm", folder)


def open_crm(folder: Path, backend: str = BACKEND) -> Any:
    """The engine of that backend, on a database in `folder`."""
    from schemagen.engine.runtime import Runtime

    crm = load_crm(folder, backend)
    database = f"sqlite:///{folder / 'crm.db'}"
    return Runtime.open(contract=crm.contract, functions=crm.functions, tables=crm.tables, database=database)


# --- the processes ---


async def serve_ours(folder: Path) -> None:
    from schemagen.serve.app import create_app
    from schemagen.serve.server import Server
    from schemagen.serve.settings import Settings

    server = Server(create_app(open_crm(folder), Settings(port=0)))
    running = asyncio.create_task(server.run())
    await server.listening.wait()
    print(server.address, flush=True)
    await running


async def serve_by_hand(folder: Path) -> None:
    from benchmarks.by_hand import serve_by_hand

    await serve_by_hand(folder)


if __name__ == "__main__":
    event_loop.run({"ours": serve_ours, "by_hand": serve_by_hand}[sys.argv[1]](Path(sys.argv[2])))
