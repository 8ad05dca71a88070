"""A renamed table is served with its old ids, a renamed function by its old path too."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from schemagen import Id, MutationCtx, QueryCtx, Table, index, mutation, query, renamed_from
from tests.engine.backend import backend_of
from tests.engine.host import on_loop, running


class Person(Table, name="people"):
    name: str


class Visit(Table, name="visits"):
    person_id: Id[Person]


@mutation
async def greet(ctx: MutationCtx, *, name: str) -> Id[Person]:
    person_id = await ctx.db.insert(Person(name=name))
    await ctx.db.insert(Visit(person_id=person_id))
    return person_id


BEFORE = backend_of(greet, tables=[Person, Visit])


class Contact(Table, name="contacts", renamed_from="people"):
    full_name: Annotated[str, renamed_from("name")]

    by_name = index("full_name")


class Call(Table, name="calls", renamed_from="visits"):
    contact_id: Annotated[Id[Contact], renamed_from("person_id")]

    by_contact = index("contact_id")


@mutation
async def add(ctx: MutationCtx, *, full_name: str) -> Id[Contact]:
    return await ctx.db.insert(Contact(full_name=full_name))


@query
async def get(ctx: QueryCtx, *, id: Id[Contact]) -> Contact:
    found = await ctx.db.get_existing(id)
    (same,) = await ctx.db.query(Contact).where(Contact.id == id).take(1)
    assert found == same and [found] == await ctx.db.get_many([id])
    return found


@query(renamed_from="app.people")
async def contacts(ctx: QueryCtx) -> list[str]:
    return [each.full_name for each in await ctx.db.query(Contact).order_by(Contact.full_name).take(9)]


@mutation(renamed_from=["app.change_name", "app.renamePerson"])
async def rename(ctx: MutationCtx, *, id: Id[Contact], full_name: str) -> int:
    await ctx.db.patch(id, full_name=full_name)
    calls = await ctx.db.query(Call).where(Call.contact_id == id).take(9)
    for call in calls:
        await ctx.db.save(call)
    return len(calls)


AFTER = backend_of(add, get, contacts, rename, tables=[Contact, Call])


@on_loop
async def test_documents_of_a_renamed_table_are_read_and_written_under_their_old_ids(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/app.db"
    async with running(BEFORE, database) as host:
        ada = await host.mutate("app.greet", name="Ada")
    async with running(AFTER, database) as host:
        assert ada.startswith("people_")
        assert (await host.query("app.get", id=ada))["fullName"] == "Ada"
        assert await host.mutate("app.rename", id=ada, fullName="Ada L.") == 1
        assert await host.query("app.contacts") == ["Ada L."]


@on_loop
async def test_new_documents_of_a_renamed_table_have_ids_of_its_new_name(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/app.db"
    async with running(BEFORE, database) as host:
        await host.mutate("app.greet", name="Ada")
    async with running(AFTER, database) as host:
        bob = await host.mutate("app.add", fullName="Bob")
        assert bob.startswith("contacts_")
        assert (await host.query("app.get", id=bob))["id"] == bob
        failure = await host.failure("query", "app.get", {"id": bob.replace("contacts_", "calls_")})
        assert "not of 'contacts'" in str(failure.issues[0])


@on_loop
async def test_deployed_clients_go_on_calling_and_watching_a_function_by_the_path_it_had() -> None:
    async with running(AFTER) as host:
        watcher = host.watcher()
        assert await watcher.watch("app.people") == []
        ada = await host.mutate("app.add", fullName="Ada")
        await host.mutate("app.changeName", id=ada, fullName="Ada L.")
        await host.mutate("app.renamePerson", id=ada, fullName="Ada Lovelace")
        assert await host.query("app.people") == ["Ada Lovelace"]
        assert watcher.results[0] == ["Ada Lovelace"]
