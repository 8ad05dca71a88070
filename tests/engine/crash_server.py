"""A server that is killed again and again: one process imports everything, and forks a child for each life.

It reads one life a line on stdin, as JSON, and says on stdout `listening <port>`, once clients may come, and `dead`.
When stdin ends, so does whatever it started.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
import time
from dataclasses import asdict, dataclass
from typing import Literal, NoReturn, TypeAlias

from pydantic import BaseModel

from schemagen import MutationCtx, QueryCtx, Table, index, mutation, query
from schemagen.engine.runtime import Runtime
from schemagen.serve.app import create_app
from schemagen.serve.server import Server
from schemagen.serve.settings import Settings
from schemagen.store.sqlite import SqliteStore
from schemagen.store.tables import Row, StoredTable
from tests.engine.backend import backend_of

# --- the backend: every mutation writes to three tables, which must agree ---


class Account(Table, name="accounts"):
    owner: str
    moves: int = 0

    by_owner = index("owner")


class Order(Table, name="orders"):
    owner: str
    number: int
    place: int

    by_owner = index("owner", "number")


class Entry(Table, name="entries"):
    owner: str
    number: int
    place: int

    by_owner = index("owner", "number")


class Tally(BaseModel):
    owner: str
    moves: int
    orders: int
    entries: int


@mutation
async def move(ctx: MutationCtx, *, owner: str, number: int) -> int:
    """How many moves of its owner this one made: no two have one answer, unless one of them is lost or ran twice."""
    account = await ctx.db.query(Account).where(Account.owner == owner).first()
    if account is None:
        account = Account(owner=owner)
        await ctx.db.insert(account)
    account.moves += 1
    await ctx.db.insert(Order(owner=owner, number=number, place=account.moves))
    await ctx.db.save(account)
    await ctx.db.insert(Entry(owner=owner, number=number, place=account.moves))
    return account.moves


@query
async def tallies(ctx: QueryCtx) -> list[Tally]:
    """What the tables say of each owner; a move that is there by half makes them differ."""
    return [
        Tally(
            owner=account.owner,
            moves=account.moves,
            orders=await ctx.db.query(Order).where(Order.owner == account.owner).count(),
            entries=await ctx.db.query(Entry).where(Entry.owner == account.owner).count(),
        )
        for account in await ctx.db.query(Account).scan().all()
    ]


BACKEND = backend_of(move, tallies, tables=[Account, Order, Entry])


# --- a life, and how it ends ---

Moment: TypeAlias = Literal["start", "any", "before commit", "within commit", "after commit", "never"]
"""While the database is opened · whenever it happens · around the commit numbered `commit` of this life."""

Sabotage: TypeAlias = Literal["", "answers before the commit", "forgets answers", "commits by halves"]


@dataclass(frozen=True)
class Life:
    """How a server dies: `seconds` after it listens, or around a commit of its own (then `seconds` into it)."""

    moment: Moment
    seconds: float = 0.0
    commit: int = 1
    sabotage: Sabotage = ""

    def to_line(self) -> str:
        return json.dumps(asdict(self)) + "\n"


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody survives SIGKILL")


def arm(store: SqliteStore, life: Life) -> None:
    """Make the process die at the commit that its life names."""
    commit = store.commit
    count = 0

    def deadly(ts: int) -> None:
        nonlocal count
        count += 1
        if count != life.commit:
            commit(ts)
        elif life.moment == "before commit":
            time.sleep(life.seconds)  # what was answered too early has time to go out
            die()
        elif life.moment == "within commit":
            threading.Timer(life.seconds, die).start()  # others may run while SQLite writes and waits for the disk
            commit(ts)
        elif life.moment == "after commit":
            commit(ts)
            die()

    if "commit" in life.moment:
        store.commit = deadly  # type: ignore[method-assign]


def sabotage(store: SqliteStore, how: Sabotage) -> None:
    """Break a promise on purpose: a check that does not notice is worth nothing."""
    match how:
        case "":
            pass
        case "answers before the commit":
            begin, commit = store.begin, store.commit
            before = store.ts

            def commit_later(ts: int) -> None:
                nonlocal before
                before, store.ts = store.ts, ts

            def begin_late() -> None:
                if store.in_transaction:
                    ts, store.ts = store.ts, before
                    commit(ts)
                begin()

            store.begin, store.commit = begin_late, commit_later  # type: ignore[method-assign]
        case "forgets answers":
            store.remember = lambda *_: None  # type: ignore[method-assign]
        case "commits by halves":
            insert, commit = store.insert, store.commit
            late: list[tuple[StoredTable, Row]] = []

            def insert_late(table: StoredTable, row: Row) -> None:
                if table.name == "entries":
                    late.append((table, row))
                else:
                    insert(table, row)

            def commit_twice(ts: int) -> None:
                commit(ts)
                store.begin()
                for table, row in late:
                    insert(table, row)
                late.clear()
                store._execute("COMMIT")

            store.insert, store.commit = insert_late, commit_twice  # type: ignore[method-assign]


# --- processes ---

PATIENCE_SECONDS = 3.0
"""A child that is to kill itself at a commit, and makes none for so long, is killed all the same."""


def live(database: str, life: Life, ready: int) -> None:
    """The child: serve until killed."""
    runtime = Runtime.open(
        contract=BACKEND.contract, functions=BACKEND.functions, tables=BACKEND.tables, database=database
    )
    store = runtime._workshop.store
    arm(store, life)
    sabotage(store, life.sabotage)
    asyncio.run(serve(runtime, database, ready))


async def serve(runtime: Runtime, database: str, ready: int) -> None:
    server = Server(create_app(runtime, Settings(database=database, port=0)), handle_signals=False)
    running = asyncio.create_task(server.run())
    await server.listening.wait()
    os.write(ready, server.address.rpartition(":")[2].encode())
    os.close(ready)
    await running


class Lives:
    """The parent: one child at a time."""

    def __init__(self, database: str) -> None:
        self.database = database

    def run(self) -> None:
        while line := sys.stdin.readline():
            self._live(Life(**json.loads(line)))

    def _live(self, life: Life) -> None:
        ready, ready_in_child = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ready)
            self._be(life, ready_in_child)
        os.close(ready_in_child)
        try:
            self._watch(child, life, ready)
        finally:
            os.close(ready)
            self._bury(child)
        self._say("dead")

    def _be(self, life: Life, ready: int) -> NoReturn:
        parent = os.getppid()
        threading.Thread(target=_die_with, args=(parent,), daemon=True).start()
        try:
            live(self.database, life, ready)
        finally:
            os._exit(1)

    def _watch(self, child: int, life: Life, ready: int) -> None:
        """Until it has lived its time, or has killed itself; a life without an end ends when stdin does."""
        if life.moment == "start":
            time.sleep(life.seconds)
            return
        if port := os.read(ready, 16).decode():
            self._say(f"listening {port}")
        if life.moment == "never":
            sys.stdin.readline()
            return
        ends = time.monotonic() + (PATIENCE_SECONDS if "commit" in life.moment else life.seconds)
        while time.monotonic() < ends and os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            time.sleep(0.002)

    def _bury(self, child: int) -> None:
        """Not yet waited for, so the number still means this child."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            self._say(f"failed {status}")

    def _say(self, text: str) -> None:
        print(text, flush=True)


def _die_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    die()


if __name__ == "__main__":
    Lives(sys.argv[1]).run()
