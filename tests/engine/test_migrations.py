"""Stored documents get from an older schema to a newer one: before anything is served where it is narrower, else
beside the serving; each migration once ever, whatever interrupts it."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from annotated_types import MinLen

from schemagen import Changes, Id, Migration, MutationCtx, QueryCtx, Stored, Table, index, migration, mutation, query
from schemagen.store.errors import MigrationFailed, SchemaMismatch
from tests.engine.backend import Backend, backend_of
from tests.engine.host import on_loop, running

# --- before ---


class Owner(Table, name="owners"):
    name: str


class OldContact(Table, name="contacts"):
    name: str
    age: str = "7"
    owner_id: Id[Owner] | None = None


@mutation
async def fill(ctx: MutationCtx, *, count: int) -> None:
    owner_id = await ctx.db.insert(Owner(name="Grace"))
    for number in range(count):
        await ctx.db.insert(OldContact(name=f"Ada {number}", age=str(number), owner_id=owner_id))


BEFORE = backend_of(fill, tables=[Owner, OldContact])

# --- after: two required fields, one with another type, an index over them ---


class Contact(Table, name="contacts"):
    first_name: Annotated[str, MinLen(1)]
    last_name: str
    age: int
    owner_id: Id[Owner] | None = None

    by_last_name = index("last_name")


@query
async def contacts(ctx: QueryCtx) -> list[Contact]:
    return await ctx.db.query(Contact).order_by(Contact.last_name).all()


@mutation
async def create(ctx: MutationCtx, *, name: str) -> Id[Contact]:
    return await ctx.db.insert(Contact(first_name=name, last_name="new", age=1))


AFTER = backend_of(contacts, create, tables=[Owner, Contact])

SEEN: list[Stored] = []


@migration(Contact)
async def split(ctx: QueryCtx, stored: Stored) -> Changes:
    """Split the name, count the years."""
    SEEN.append(dict(stored))
    first, _, last = stored["name"].partition(" ")
    return {"first_name": first, "last_name": last, "age": int(stored["age"])}


def database(path: Path) -> str:
    return f"sqlite:///{path}/app.db"


async def store_old(path: Path, count: int) -> None:
    async with running(BEFORE, database(path)) as host:
        await host.mutate("app.fill", count=count)


def ask(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path / "app.db")) as connection:
        return connection.execute(sql).fetchall()


def states(path: Path) -> list[tuple[Any, ...]]:
    """Name, done, total, whether it is finished, and what stopped it."""
    return ask(path, "SELECT name, done, total, finished IS NOT NULL, error FROM _migrations ORDER BY name")


async def opening_fails(backend: Backend, path: Path, *migrations: Migration) -> Exception:
    with pytest.raises((MigrationFailed, SchemaMismatch)) as caught:
        async with running(backend, database(path), *migrations):
            pass
    return caught.value


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110  # what is waited for happens in the database
        await asyncio.sleep(0.001)


# --- narrowing ---


@on_loop
async def test_a_narrowing_is_refused_with_the_migration_to_write(tmp_path: Path) -> None:
    await store_old(tmp_path, 3)
    before = ask(tmp_path, "SELECT sql FROM sqlite_master")
    said = str(await opening_fails(AFTER, tmp_path))
    assert "contacts.first_name: is required, and 3 documents stored before it existed have no value for it" in said
    assert (
        "      @migration(Contact)\n      async def fill_first_name(ctx: QueryCtx, stored: Stored) -> Changes:" in said
    )
    assert '          return {"first_name": ...}  # stored has id, creation_time, age, name, owner_id' in said
    assert "contacts.age: is stored as text and now declared as integer" in said
    assert ask(tmp_path, "SELECT sql FROM sqlite_master") == before


@on_loop
async def test_a_narrowing_goes_through_with_a_migration_before_anything_is_served(tmp_path: Path) -> None:
    await store_old(tmp_path, 1203)  # more than two batches
    SEEN.clear()
    async with running(AFTER, database(tmp_path), split) as host:
        found = await host.query("app.contacts")
        assert sorted((each["firstName"], int(each["lastName"]), each["age"]) for each in found) == [
            ("Ada", number, number) for number in range(1203)
        ]
        assert states(tmp_path) == [("split", 1203, 1203, 1, None)]
        plan = ask(tmp_path, "EXPLAIN QUERY PLAN SELECT * FROM contacts WHERE last_name = '7'")
        assert "contacts.by_last_name" in plan[0][3]


@on_loop
async def test_a_migration_is_given_the_document_as_it_was_stored(tmp_path: Path) -> None:
    await store_old(tmp_path, 1)
    SEEN.clear()
    async with running(AFTER, database(tmp_path), split):
        (seen,) = SEEN
        assert seen["name"] == "Ada 0" and seen["age"] == "0" and seen["first_name"] is None
        assert seen["id"].startswith("contacts_") and seen["owner_id"].startswith("owners_")
        assert isinstance(seen["creation_time"], datetime)


@on_loop
async def test_each_migration_runs_once_ever(tmp_path: Path) -> None:
    await store_old(tmp_path, 3)
    SEEN.clear()
    for _ in range(3):
        async with running(AFTER, database(tmp_path), split) as host:
            await host.mutate("app.create", name="Bob")
    assert len(SEEN) == 3
    async with running(AFTER, database(tmp_path)) as host:  # it may be taken out of the code, too
        assert len(await host.query("app.contacts")) == 6


@on_loop
async def test_on_a_database_without_documents_a_migration_has_nothing_to_do_ever(tmp_path: Path) -> None:
    SEEN.clear()
    for _ in range(2):
        async with running(AFTER, database(tmp_path), split) as host:
            await host.mutate("app.create", name="Bob")
    assert SEEN == [] and states(tmp_path) == [("split", 0, 0, 1, None)]


# --- mistakes ---


@migration(Contact, name="split")
async def split_badly(ctx: QueryCtx, stored: Stored) -> Changes:
    if stored["name"] == "Ada 700":
        raise ValueError("not this one")
    return await split.handler(ctx, stored)


split_badly.__name__ = "split"


@on_loop
async def test_a_migration_that_fails_keeps_the_server_from_starting_and_goes_on_when_it_is_corrected(
    tmp_path: Path,
) -> None:
    await store_old(tmp_path, 1000)
    (row,) = ask(tmp_path, "SELECT _id FROM contacts WHERE name = 'Ada 700'")
    said = str(await opening_fails(AFTER, tmp_path, split_badly))
    assert f"migration split stopped at {row[0]}: ValueError: not this one (" in said and "test_migrations.py:" in said
    # the first batch is done, of the second nothing
    ((_, done, total, finished, error),) = states(tmp_path)
    assert (done, total, finished) == (500, 1000, 0) and error.startswith(f"{row[0]}: ValueError: not this one")
    assert ask(tmp_path, "SELECT COUNT(*) FROM contacts WHERE first_name IS NOT NULL") == [(500,)]
    SEEN.clear()
    async with running(AFTER, database(tmp_path), split) as host:
        assert len(await host.query("app.contacts")) == 1000
    assert len(SEEN) == 500 and states(tmp_path) == [("split", 1000, 1000, 1, None)]


@on_loop
async def test_what_a_migration_left_half_done_is_not_served_without_it(tmp_path: Path) -> None:
    await store_old(tmp_path, 1000)
    await opening_fails(AFTER, tmp_path, split_badly)
    for _ in range(2):
        said = str(await opening_fails(AFTER, tmp_path))
        assert "contacts.first_name: is required, and 500 documents stored before it existed have no value" in said
    async with running(AFTER, database(tmp_path), split) as host:
        assert len(await host.query("app.contacts")) == 1000


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"first_name": "A", "last_name": "B"}, "age: "),
        ({"first_name": "", "last_name": "B", "age": 1}, "first_name: "),
        ({"first_name": "A", "last_name": "B", "age": "1"}, "age: expected an int, got str"),
        ({"frist_name": "A"}, "changes 'frist_name', which is no field; the fields are first_name, last_name, age"),
        (None, "first_name: "),
        ("A", "returned 'A'; it returns a dict of fields, or None"),
    ],
)
def test_what_a_migration_makes_of_a_document_has_to_fit(tmp_path: Path, changes: Any, says: str) -> None:
    @migration(Contact)
    async def careless(ctx: QueryCtx, stored: Stored) -> Changes:
        return changes  # type: ignore[no-any-return]

    async def check() -> None:
        await store_old(tmp_path, 2)
        said = str(await opening_fails(AFTER, tmp_path, careless))
        assert "migration careless stopped at contacts_" in said and says in said

    asyncio.run(check())


@on_loop
async def test_a_migration_that_does_not_fill_all_is_refused_and_another_may_follow(tmp_path: Path) -> None:
    """Each document has to fit after the last migration of its table, not before."""

    @migration(Contact)
    async def a_names(ctx: QueryCtx, stored: Stored) -> Changes:
        return {"first_name": stored["name"], "last_name": ""}

    @migration(Contact)
    async def b_years(ctx: QueryCtx, stored: Stored) -> Changes:
        assert stored["first_name"] == stored["name"]
        return {"age": int(stored["age"])}

    await store_old(tmp_path, 2)
    async with running(AFTER, database(tmp_path), a_names, b_years) as host:
        assert [each["age"] for each in await host.query("app.contacts")] == [0, 1]


@on_loop
async def test_a_migration_reads_other_tables_and_not_the_one_that_does_not_fit_yet(tmp_path: Path) -> None:
    @migration(Contact)
    async def by_owner(ctx: QueryCtx, stored: Stored) -> Changes:
        owner = await ctx.db.get_existing(stored["owner_id"])
        assert isinstance(owner, Owner)
        with pytest.raises(TypeError, match="do not fit the schema yet"):
            await ctx.db.query(Contact).first()
        return {"first_name": owner.name, "last_name": "", "age": 1}

    await store_old(tmp_path, 2)
    async with running(AFTER, database(tmp_path), by_owner) as host:
        assert [each["firstName"] for each in await host.query("app.contacts")] == ["Grace", "Grace"]


@on_loop
async def test_a_narrowing_without_a_migration_is_refused_although_another_table_has_one(tmp_path: Path) -> None:
    @migration(Owner)
    async def idle(ctx: QueryCtx, stored: Stored) -> Changes:
        return None

    await store_old(tmp_path, 2)
    assert isinstance(await opening_fails(AFTER, tmp_path, idle), SchemaMismatch)
    assert states(tmp_path) == []


# --- beside the serving ---


class Widened(Table, name="contacts"):
    name: str
    age: str = "7"
    owner_id: Id[Owner] | None = None
    shout: str | None = None
    kind: Literal["old", "new"] = "old"

    by_shout = index("shout")


@query
async def shouts(ctx: QueryCtx) -> int:
    return await ctx.db.query(Widened).where(Widened.shout >= "").count()  # type: ignore[operator]


@mutation
async def add(ctx: MutationCtx, *, name: str) -> Id[Widened]:
    return await ctx.db.insert(Widened(name=name, shout="as it is", kind="new"))


@query
async def added(ctx: QueryCtx) -> list[Widened]:
    return [each for each in await ctx.db.query(Widened).scan().all() if each.kind == "new"]


@mutation
async def rename(ctx: MutationCtx, *, name: str) -> None:
    for each in await ctx.db.query(Widened).scan().all():
        await ctx.db.patch(each.id, name=name)


WIDENED = backend_of(shouts, add, added, rename, tables=[Owner, Widened])


@migration(Widened)
async def backfill(ctx: QueryCtx, stored: Stored) -> Changes:
    return {"shout": stored["name"].upper() + "!" + (stored["shout"] or "")}


@on_loop
async def test_what_only_adds_runs_beside_the_serving_and_live_queries_see_it(tmp_path: Path) -> None:
    await store_old(tmp_path, 1203)
    async with running(WIDENED, database(tmp_path), backfill) as host:
        watcher = host.watcher()
        await watcher.watch("app.shouts")
        await until(lambda: watcher.results[0] == 1203)
        await until(lambda: states(tmp_path) == [("backfill", 1203, 1203, 1, None)])
        assert await host.query("app.shouts") == 1203
        assert ask(tmp_path, "SELECT shout FROM contacts WHERE name = 'Ada 7'") == [("ADA 7!",)]


@migration(Widened)
async def backfill_stopped(ctx: QueryCtx, stored: Stored) -> Changes:
    if stored["name"] == "Ada 150":
        raise ValueError("not yet")
    return await backfill.handler(ctx, stored)


backfill_stopped.__name__ = "backfill"


@pytest.mark.parametrize("clock", ["goes on", "was set back"])
def test_documents_stored_while_a_migration_runs_are_left_alone(tmp_path: Path, clock: str) -> None:
    """Here it is stopped in the middle, so that there is time for them."""

    async def check() -> None:
        await store_old(tmp_path, 300)
        later = "2030-01-01T00:00:00.000000Z"
        if clock == "was set back":
            with closing(sqlite3.connect(tmp_path / "app.db", isolation_level=None)) as connection:
                connection.execute("UPDATE contacts SET _creation_time = ? WHERE name = 'Ada 299'", (later,))
        async with running(WIDENED, database(tmp_path), backfill_stopped) as host:
            host.clock.turn(timedelta(hours=1))
            await host.mutate("app.add", name="first")
            await until(lambda: states(tmp_path)[0][4] is not None)
            await host.mutate("app.add", name="second")
        async with running(WIDENED, database(tmp_path), backfill) as host:
            host.clock.turn(timedelta(hours=1))
            await host.mutate("app.add", name="third")
            await until(lambda: states(tmp_path)[0][3] == 1)
            added = {each["name"]: each["shout"] for each in await host.query("app.added")}
            assert added == dict.fromkeys(("first", "second", "third"), "as it is")
            assert await host.query("app.shouts") == 303
        assert ask(tmp_path, "SELECT * FROM _migrations_exempt") == []

    asyncio.run(check())


@on_loop
async def test_a_migration_beside_the_serving_goes_on_at_the_next_start(tmp_path: Path) -> None:
    await store_old(tmp_path, 1203)
    async with running(WIDENED, database(tmp_path), backfill) as host:
        await until(lambda: states(tmp_path)[0][1] > 0)
    done = states(tmp_path)[0][1]
    assert done % 100 == 0 or done == 1203
    async with running(WIDENED, database(tmp_path), backfill) as host:
        await until(lambda: states(tmp_path)[0][3] == 1)
        assert await host.query("app.shouts") == 1203
    assert ask(tmp_path, "SELECT COUNT(*) FROM contacts WHERE shout LIKE '%!%!%'") == [(0,)]


@on_loop
async def test_a_migration_that_fails_beside_the_serving_stops_and_the_server_goes_on(tmp_path: Path) -> None:
    @migration(Widened)
    async def careless(ctx: QueryCtx, stored: Stored) -> Changes:
        return {"shout": stored["name"] if stored["name"] != "Ada 150" else 5}

    await store_old(tmp_path, 300)
    async with running(WIDENED, database(tmp_path), careless) as host:
        await until(lambda: states(tmp_path)[0][4] is not None)
        assert await host.query("app.shouts") == 100
        ((_, done, _, finished, error),) = states(tmp_path)
        assert (done, finished) == (100, 0) and "shout: expected a str, got int 5" in error
        await host.mutate("app.add", name="Bob")


@on_loop
async def test_a_migration_that_computes_without_end_is_stopped_and_the_server_goes_on(tmp_path: Path) -> None:
    @migration(Widened)
    async def endless(ctx: QueryCtx, stored: Stored) -> Changes:
        while stored["name"] == "Ada 3":
            pass
        return {"shout": ""}

    await store_old(tmp_path, 5)
    async with running(WIDENED, database(tmp_path), endless) as host:
        await until(lambda: states(tmp_path)[0][4] is not None)
        assert "LimitExceeded" in states(tmp_path)[0][4]
        assert await host.query("app.shouts") == 0


# --- indexes over stored rows ---


@on_loop
async def test_an_index_over_stored_documents_is_built_before_functions_are_served(tmp_path: Path) -> None:
    await store_old(tmp_path, 500)
    async with running(WIDENED, database(tmp_path)) as host:
        assert await host.query("app.shouts") == 0
        plan = ask(tmp_path, "EXPLAIN QUERY PLAN SELECT * FROM contacts INDEXED BY 'contacts.by_shout' WHERE shout = 1")
        assert "contacts.by_shout" in plan[0][3]


# --- kill -9 ---

CHILD = """
import asyncio, sys
from tests.engine.test_migrations import migrate_slowly
asyncio.run(migrate_slowly(sys.argv[1], sys.argv[2]))
"""


@migration(Contact)
async def slowly(ctx: QueryCtx, stored: Stored) -> Changes:
    print("document", flush=True)
    first, _, last = stored["name"].partition(" ")
    return {"first_name": first, "last_name": last + (stored["last_name"] or ""), "age": int(stored["age"])}


@migration(Widened)
async def slowly_beside(ctx: QueryCtx, stored: Stored) -> Changes:
    print("document", flush=True)
    return {"shout": stored["name"] + "!" + (stored["shout"] or "")}


async def migrate_slowly(url: str, which: str) -> None:
    backend, run = (AFTER, slowly) if which == "narrowing" else (WIDENED, slowly_beside)
    async with running(backend, url, run):
        await asyncio.sleep(60)


def kill_after(path: Path, which: str, documents: int) -> None:
    """Start the migration in a process of its own, and kill it once it has looked at so many documents."""
    command = [sys.executable, "-c", CHILD, database(path), which]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for _ in range(documents):
        assert child.stdout.readline() == "document\n"
    os.kill(child.pid, signal.SIGKILL)
    child.stdout.close()
    child.wait()


@pytest.mark.slow
@pytest.mark.parametrize("which", ["narrowing", "beside"])
def test_a_killed_migration_goes_on_where_it_was_and_changes_each_document_once(tmp_path: Path, which: str) -> None:
    count = 2203
    asyncio.run(store_old(tmp_path, count))
    for documents in (3, 700, 620):
        kill_after(tmp_path, which, documents)
        ((_, done, total, finished, error),) = states(tmp_path)
        assert done < total == count and not finished and error is None
        column = "first_name" if which == "narrowing" else "shout"
        assert ask(tmp_path, f"SELECT COUNT(*) FROM contacts WHERE {column} IS NOT NULL") == [(done,)]
    backend, run = (AFTER, slowly) if which == "narrowing" else (WIDENED, slowly_beside)

    async def finish() -> None:
        async with running(backend, database(tmp_path), run):
            await until(lambda: states(tmp_path)[0][3] == 1)

    asyncio.run(finish())
    assert states(tmp_path) == [(run.__name__, count, count, 1, None)]
    if which == "narrowing":
        assert {row[0] for row in ask(tmp_path, "SELECT last_name FROM contacts")} == set(map(str, range(count)))
    else:
        wanted = {f"Ada {number}!" for number in range(count)}
        assert {row[0] for row in ask(tmp_path, "SELECT shout FROM contacts")} == wanted
