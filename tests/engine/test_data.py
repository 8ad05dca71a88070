"""Reading a database that is being written: exports and backups stand at one commit, and nobody waits for them."""

from __future__ import annotations

import asyncio
import sqlite3
import time
import tracemalloc
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import orjson
import pytest

from schemagen import Changes, Id, Migration, MutationCtx, QueryCtx, Stored, Table, index, migration, mutation, query
from schemagen.engine.importing import Import
from schemagen.engine.lines import lines_of
from schemagen.engine.opening import codec_of
from schemagen.model.contract import FunctionKind
from schemagen.model.ids import format_id
from schemagen.store.backup import back_up
from schemagen.store.errors import StoreError
from schemagen.store.snapshot import Snapshot
from tests.engine.backend import backend_of
from tests.engine.host import Host, on_loop, running
from tests.store.tables import ask


class Debit(Table, name="debits"):
    number: int
    ballast: str = ""

    by_number = index("number")


class Credit(Table, name="credits"):
    number: int

    by_number = index("number")


@mutation
async def transfer(ctx: MutationCtx, *, number: int) -> Id[Credit]:
    await ctx.db.insert(Debit(number=number))
    return await ctx.db.insert(Credit(number=number))


@mutation
async def grow(ctx: MutationCtx, *, size: int) -> None:
    await ctx.db.insert(Debit(number=0, ballast="x" * size))


@query
async def transfers(ctx: QueryCtx) -> list[int]:
    return [credit.number for credit in await ctx.db.query(Credit).order_by(Credit.number).all()]


BACKEND = backend_of(transfer, grow, transfers, tables=[Debit, Credit])
CODEC = codec_of(BACKEND.contract)


class Writing:
    """Transfers, one after the other, until it is left; `more` waits for a few that were not there yet."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._enough = Event()

    async def __aenter__(self) -> Writing:
        self._task = asyncio.create_task(self._write())
        await asyncio.to_thread(self.more)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._enough.set()
        await self._task

    async def _write(self) -> None:
        number = 0
        while not self._enough.is_set():
            number += 1
            await self.host.mutate("app.transfer", number=number)

    def more(self) -> None:
        """For another thread: if the writer had to wait for it, this would never end."""
        seen = self.host.runtime.ts
        while self.host.runtime.ts < seen + 3:
            time.sleep(0.001)


def stored(path: Path) -> tuple[list[int], list[int], int]:
    """The numbers of both tables, and the commit they stand at."""
    with closing(sqlite3.connect(path)) as connection:
        debits = [row[0] for row in connection.execute("SELECT number FROM debits WHERE number > 0 ORDER BY number")]
        credits = [row[0] for row in connection.execute("SELECT number FROM credits ORDER BY number")]
        [(ts,)] = connection.execute("SELECT value FROM _meta WHERE key = 'ts'")
        return debits, credits, ts


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- backups ---


@on_loop
async def test_a_backup_of_a_server_that_writes_holds_the_first_commits_and_no_more(tmp_path: Path) -> None:
    async with running(BACKEND, f"sqlite:///{tmp_path}/app.db") as host:
        for _ in range(10):
            await host.mutate("app.grow", size=1_000_000)
        async with Writing(host) as writing:
            for attempt in range(3):
                copy = tmp_path / f"copy{attempt}.db"
                steps: list[int] = []

                def step(done: int, total: int, steps: list[int] = steps) -> None:
                    assert not steps or done > steps[-1], "a commit made the copy begin anew"
                    steps.append(done)
                    writing.more()

                before = host.runtime.ts
                ts = await asyncio.to_thread(back_up, f"{tmp_path}/app.db", copy, step)
                debits, credits, stored_ts = stored(copy)
                assert debits == credits == list(range(1, len(credits) + 1))
                assert before <= ts == stored_ts == len(credits) + 10 < host.runtime.ts
                assert len(steps) > 2
        assert [name for name in names(tmp_path) if "copy" in name] == ["copy0.db", "copy1.db", "copy2.db"]


@on_loop
async def test_a_backup_is_served_like_any_database_and_knows_what_was_answered(tmp_path: Path) -> None:
    async with running(BACKEND, f"sqlite:///{tmp_path}/app.db") as host:
        first = await host.call(FunctionKind.MUTATION, "app.transfer", {"number": 1}, request="a:1")
        back_up(f"{tmp_path}/app.db", tmp_path / "copy.db")
        await host.mutate("app.transfer", number=2)
    async with running(BACKEND, f"sqlite:///{tmp_path}/copy.db") as host:
        assert await host.query("app.transfers") == [1]
        assert await host.call(FunctionKind.MUTATION, "app.transfer", {"number": 1}, request="a:1") == first
        assert await host.query("app.transfers") == [1]


def test_a_backup_that_fails_leaves_no_file(tmp_path: Path) -> None:
    fill(tmp_path / "app.db", range(10))

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    before = names(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        back_up(f"{tmp_path}/app.db", tmp_path / "copy.db", stop)
    assert names(tmp_path) == before


def test_a_damaged_database_gives_no_backup(tmp_path: Path) -> None:
    async def fill() -> None:
        async with running(BACKEND, f"sqlite:///{tmp_path}/app.db") as host:
            for number in range(200):
                await host.mutate("app.transfer", number=number)

    asyncio.run(fill())
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection:
        [(page,)] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'debits.by_number'")
    with (tmp_path / "app.db").open("r+b") as file:
        file.seek((page - 1) * 4096 + 2048)
        file.write(b"\xff" * 2048)
    with pytest.raises(StoreError, match=r"the copy of .*app\.db is damaged, and so is probably the database: "):
        back_up(f"{tmp_path}/app.db", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_a_file_that_comes_to_be_there_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    fill(tmp_path / "app.db", range(10))
    copy = tmp_path / "copy.db"

    def hurry(done: int, total: int) -> None:
        copy.write_text("mine")

    with pytest.raises(FileExistsError):
        back_up(f"{tmp_path}/app.db", copy, hurry)
    assert copy.read_text() == "mine"


# --- exports ---


@on_loop
async def test_an_export_of_a_server_that_writes_stands_at_one_commit(tmp_path: Path) -> None:
    async with running(BACKEND, f"sqlite:///{tmp_path}/app.db") as host, Writing(host) as writing:
        with closing(Snapshot.open(f"{tmp_path}/app.db", BACKEND.contract, CODEC)) as snapshot:
            debits = numbers(lines_of(snapshot, "debits", CODEC))
            await asyncio.to_thread(writing.more)
            credits = numbers(lines_of(snapshot, "credits", CODEC))
            assert debits == credits == list(range(1, snapshot.ts + 1))
            assert snapshot.count("credits") == snapshot.ts < host.runtime.ts


def numbers(lines: Iterable[bytes]) -> list[int]:
    return sorted(orjson.loads(line)["number"] for line in lines)


# --- migrations ---


@migration(Debit)
async def double(ctx: QueryCtx, stored: Stored) -> Changes:
    return {"number": stored["number"] * 2}


MIGRATIONS = {"double": double}


def test_a_migration_never_takes_what_was_imported_for_documents_of_before(tmp_path: Path) -> None:
    fill(tmp_path / "app.db", range(3), MIGRATIONS)
    assert migrated(tmp_path) == [0, 1, 2]


def test_nothing_is_imported_while_a_migration_is_not_finished(tmp_path: Path) -> None:
    fill(tmp_path / "app.db", range(3))
    with pytest.raises(StoreError, match=r"app\.db: migrations are not finished: double"):
        fill(tmp_path / "app.db", range(3, 6), MIGRATIONS)
    assert migrated(tmp_path) == [0, 2, 4]
    fill(tmp_path / "app.db", range(3, 6), MIGRATIONS)
    assert migrated(tmp_path) == [0, 2, 3, 4, 4, 5]


def migrated(folder: Path) -> list[int]:
    """The numbers that are there after a server has run all migrations."""

    async def serve() -> None:
        async with running(BACKEND, f"sqlite:///{folder}/app.db", *MIGRATIONS.values()):
            await asyncio.to_thread(wait)

    def wait() -> None:
        while ask(folder / "app.db", "SELECT COUNT(*) FROM _migrations WHERE finished IS NULL") != [(0,)]:
            time.sleep(0.01)

    asyncio.run(serve())
    return [number for (number,) in ask(folder / "app.db", "SELECT number FROM debits ORDER BY number")]


# --- memory ---


@pytest.mark.slow
def test_ten_times_the_documents_need_no_more_memory(tmp_path: Path) -> None:
    few, many = (peak_bytes(tmp_path / f"{count}.db", count) for count in (2_000, 20_000))
    assert many < few + 200_000, (few, many)


def peak_bytes(path: Path, count: int) -> int:
    """Of an import of so many documents, and an export of them."""
    fill(path, range(1))  # what is made once is made
    tracemalloc.start()
    try:
        fill(path, range(1, count))
        with closing(Snapshot.open(str(path), BACKEND.contract, CODEC)) as snapshot:
            assert sum(1 for _ in lines_of(snapshot, "debits", CODEC)) == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def fill(path: Path, numbers: Iterable[int], migrations: dict[str, Migration] | None = None) -> None:
    with closing(Import(BACKEND.contract, BACKEND.tables, str(path), migrations)) as work:
        for line in debit_lines(numbers):
            work.add("debits", line)
        work.commit(0)


def debit_lines(numbers: Iterable[int]) -> Iterator[bytes]:
    for number in numbers:
        fields = {"number": number, "ballast": "x" * 100}
        yield orjson.dumps({"id": format_id("debits", number), "creationTime": "2026-01-01T00:00:00Z", **fields})
