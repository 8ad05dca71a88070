"""Search indexes follow their documents through renames and migrations."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import pytest

from schemagen import (
    Changes,
    Id,
    MutationCtx,
    QueryCtx,
    Stored,
    Table,
    migration,
    mutation,
    query,
    renamed_from,
    search_index,
)
from schemagen.store.errors import MigrationFailed
from tests.engine.backend import Backend, backend_of
from tests.engine.host import Watcher, on_loop, running


class Person(Table, name="people"):
    name: str
    team: str = "north"

    search_name = search_index("name", filters=["team"])


@mutation
async def add_person(ctx: MutationCtx, *, name: str) -> Id[Person]:
    return await ctx.db.insert(Person(name=name))


@query
async def people(ctx: QueryCtx, *, text: str) -> list[str]:
    return [person.name for person in await ctx.db.search(Person.search_name, text).take(9)]


BEFORE = backend_of(add_person, people, tables=[Person])


def database(path: Path) -> str:
    return f"sqlite:///{path}/app.db"


async def store_people(path: Path, count: int = 3) -> None:
    async with running(BEFORE, database(path)) as host:
        for number in range(count):
            await host.mutate("app.addPerson", name=f"Ada Lovelace {number}")


# --- renames ---


class Contact(Table, name="contacts", renamed_from="people"):
    full_name: Annotated[str, renamed_from("name")]
    team: str = "north"

    search_name = search_index("full_name", filters=["team"])


@mutation
async def change(ctx: MutationCtx, *, id: Id[Contact], name: str) -> None:
    await ctx.db.patch(id, full_name=name)


@query
async def contacts(ctx: QueryCtx, *, text: str) -> list[str]:
    return [contact.full_name for contact in await ctx.db.search(Contact.search_name, text).take(9)]


@query
async def contact_ids(ctx: QueryCtx, *, text: str) -> list[Id[Contact]]:
    return [contact.id for contact in await ctx.db.search(Contact.search_name, text).take(9)]


RENAMED = backend_of(change, contacts, contact_ids, tables=[Contact])


class NewContact(Table, name="contacts"):
    full_name: str
    team: str = "north"

    search_name = search_index("full_name", filters=["team"])


UNAWARE = backend_of(tables=[Person, NewContact])


@pytest.mark.parametrize("between", [None, UNAWARE], ids=["at once", "after a server that did not know"])
def test_a_renamed_table_and_field_are_found_and_leave_nothing_behind(tmp_path: Path, between: Backend | None) -> None:
    @on_loop
    async def check() -> None:
        await store_people(tmp_path)
        if between is not None:
            async with running(between, database(tmp_path)):
                pass
        async with running(RENAMED, database(tmp_path)) as host:
            assert await host.query("app.contacts", text="1 love") == ["Ada Lovelace 1"]
            [found] = await host.query("app.contactIds", text="1 love")
            assert found.startswith("people_")
            await host.mutate("app.change", id=found, name="Grace")
            assert await host.query("app.contacts", text="1 love") == []
            assert await host.query("app.contacts", text="grace") == ["Grace"]
        with closing(sqlite3.connect(tmp_path / "app.db")) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE name LIKE '%.search%'").fetchall()
        assert tables == [("contacts.search_name",)]

    check()


# --- migrations ---


class Split(Table, name="people"):
    name: list[str]
    team: int

    search_name = search_index("name", filters=["team"])


SPLIT_TEAMS: dict[str, Any] = {"north": 1}


@migration(Split)
async def split(ctx: QueryCtx, stored: Stored) -> Changes:
    return {"name": stored["name"].split(), "team": SPLIT_TEAMS[stored["team"]]}


@query
async def split_people(ctx: QueryCtx, *, text: str, team: int) -> list[list[str]]:
    hits = ctx.db.search(Split.search_name, text).where(Split.team == team)
    return [person.name for person in await hits.take(9)]


SPLIT = backend_of(split_people, tables=[Split])


@on_loop
async def test_what_a_migration_makes_of_text_and_filter_is_found(tmp_path: Path) -> None:
    await store_people(tmp_path, 700)
    async with running(SPLIT, database(tmp_path), split) as host:
        assert await host.query("app.splitPeople", text="61 love", team=1) != []
        assert await host.query("app.splitPeople", text="699 love", team=1) == [["Ada", "Lovelace", "699"]]
        assert await host.query("app.splitPeople", text="love", team=2) == []


@migration(Person)
async def shout(ctx: QueryCtx, stored: Stored) -> Changes:
    return {"name": stored["name"] + " loud"}


@on_loop
async def test_a_migration_beside_the_serving_runs_searches_again(tmp_path: Path) -> None:
    await store_people(tmp_path)
    async with running(BEFORE, database(tmp_path), shout) as host:
        watcher: Watcher = host.watcher()
        await watcher.watch("app.people", text="lou")
        while len(watcher.results[0]) < 3:
            await host.query("app.people", text="x")
        assert sorted(watcher.results[0]) == [f"Ada Lovelace {number} loud" for number in range(3)]


class WithDefault(Table, name="people"):
    name: str
    team: str = "north"
    note: str = "written later"

    search_note = search_index("note", filters=["team"])


@query
async def notes(ctx: QueryCtx, *, text: str) -> list[str]:
    return [person.name for person in await ctx.db.search(WithDefault.search_note, text).take(9)]


@on_loop
async def test_a_default_that_stored_documents_take_is_found(tmp_path: Path) -> None:
    await store_people(tmp_path)
    async with running(backend_of(notes, tables=[WithDefault]), database(tmp_path)) as host:
        assert len(await host.query("app.notes", text="later")) == 3


class Required(Table, name="people"):
    name: str
    team: str = "north"
    note: str

    search_note = search_index("note", filters=["team"])


@migration(Required)
async def never_through(ctx: QueryCtx, stored: Stored) -> Changes:
    raise ValueError("not yet")


@on_loop
async def test_a_default_that_takes_the_place_of_a_migration_is_found(tmp_path: Path) -> None:
    await store_people(tmp_path)
    with pytest.raises(MigrationFailed):
        async with running(backend_of(tables=[Required]), database(tmp_path), never_through):
            pass
    async with running(backend_of(notes, tables=[WithDefault]), database(tmp_path)) as host:
        assert len(await host.query("app.notes", text="later")) == 3


class Early(Table, name="people"):
    name: str | None = None
    full_name: str | None = None

    search_name = search_index("full_name")


class Late(Table, name="people"):
    full_name: Annotated[str | None, renamed_from("name")] = None

    search_name = search_index("full_name")


@query
async def late(ctx: QueryCtx, *, text: str) -> list[str | None]:
    return [person.full_name for person in await ctx.db.search(Late.search_name, text).take(9)]


@on_loop
async def test_a_field_that_takes_over_anothers_name_is_found_by_what_it_held(tmp_path: Path) -> None:
    await store_people(tmp_path)
    async with running(backend_of(tables=[Early]), database(tmp_path)):
        pass
    async with running(backend_of(late, tables=[Late]), database(tmp_path)) as host:
        assert len(await host.query("app.late", text="lovelace")) == 3
