"""Indexes declared unique: no write makes a second document of one key, and a refused write changes nothing."""

from __future__ import annotations

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
    UniqueConflict,
    col,
    index,
    migration,
    mutation,
    query,
    renamed_from,
)
from schemagen.engine.answer import FailureKind
from schemagen.engine.runtime import Runtime
from schemagen.model.contract import FunctionKind
from schemagen.store.errors import SchemaMismatch
from tests.engine.backend import Backend, backend_of
from tests.engine.host import FailedCall, Host, on_loop, running


class Company(Table, name="companies"):
    name: str


class Member(Table, name="members"):
    company_id: Id[Company]
    email: str | None = None
    badge: int | None = None

    by_badge = index("badge", unique=True)
    by_email = index("company_id", "email", unique=True)


@mutation
async def found(ctx: MutationCtx, *, name: str) -> Id[Company]:
    return await ctx.db.insert(Company(name=name))


@mutation
async def join(
    ctx: MutationCtx, *, company_id: Id[Company], email: str | None = None, badge: int | None = None
) -> Id[Member]:
    return await ctx.db.insert(Member(company_id=company_id, email=email, badge=badge))


@mutation
async def move(ctx: MutationCtx, *, id: Id[Member], email: str) -> None:
    await ctx.db.patch(id, email=email)


@mutation
async def rewrite(ctx: MutationCtx, *, id: Id[Member], email: str) -> None:
    member = await ctx.db.get_existing(id)
    member.email = email
    await ctx.db.save(member)


@mutation
async def leave(ctx: MutationCtx, *, id: Id[Member]) -> None:
    await ctx.db.delete(id)


@mutation
async def join_or_find(ctx: MutationCtx, *, company_id: Id[Company], email: str) -> Id[Member]:
    """The member with this address, a new one or the one there is; before and after it writes something else."""
    await ctx.db.insert(Company(name="before"))
    member = Member(company_id=company_id, email=email)
    try:
        return await ctx.db.insert(member)
    except UniqueConflict as conflict:
        member.email = None  # it is not stored, and can be changed and stored
        await ctx.db.insert(member)
        return conflict.existing_id


@mutation
async def swap(ctx: MutationCtx, *, one: Id[Member], other: Id[Member]) -> None:
    """Two documents take each other's key: by way of None, for every write by itself has to fit."""
    first, second = await ctx.db.get_existing(one), await ctx.db.get_existing(other)
    await ctx.db.patch(one, email=None)
    await ctx.db.patch(other, email=first.email)
    await ctx.db.patch(one, email=second.email)


@query
async def by_email(ctx: QueryCtx, *, company_id: Id[Company], email: str) -> Member | None:
    return await ctx.db.query(Member).where(Member.company_id == company_id, col(Member.email) == email).unique()


@query
async def companies(ctx: QueryCtx) -> list[str]:
    return [company.name for company in await ctx.db.query(Company).all()]


@query
async def emails(ctx: QueryCtx) -> list[str | None]:
    return [member.email for member in await ctx.db.query(Member).all()]


FUNCTIONS = (found, join, move, rewrite, leave, join_or_find, swap, by_email, companies, emails)
BACKEND = backend_of(*FUNCTIONS, tables=[Company, Member])


async def conflict(host: Host, path: str, **args: Any) -> tuple[str, Any]:
    failure = await host.failure("mutation", path, args)
    assert failure.kind is FailureKind.APP
    return failure.code, failure.data


IN_BY_EMAIL = ("unique_conflict", {"table": "members", "index": "by_email"})


@on_loop
async def test_a_second_document_of_one_key_is_refused_by_insert_patch_and_save() -> None:
    async with running(BACKEND) as host:
        acme, other = await host.mutate("app.found", name="Acme"), await host.mutate("app.found", name="Other")
        ada = await host.mutate("app.join", companyId=acme, email="ada@x.y")
        bob = await host.mutate("app.join", companyId=acme, email="bob@x.y")
        await host.mutate("app.join", companyId=other, email="ada@x.y")  # another company's
        assert await conflict(host, "app.join", companyId=acme, email="ada@x.y") == IN_BY_EMAIL
        assert await conflict(host, "app.move", id=bob, email="ada@x.y") == IN_BY_EMAIL
        assert await conflict(host, "app.rewrite", id=bob, email="ada@x.y") == IN_BY_EMAIL
        await host.mutate("app.rewrite", id=ada, email="ada@x.y")  # its own key
        assert await host.query("app.emails") == ["ada@x.y", "bob@x.y", "ada@x.y"]


@on_loop
async def test_clients_learn_the_index_and_not_which_document_is_in_the_way() -> None:
    async with running(BACKEND) as host:
        acme = await host.mutate("app.found", name="Acme")
        ada = await host.mutate("app.join", companyId=acme, email="ada@x.y")
        failure = await host.failure("mutation", "app.join", {"companyId": acme, "email": "ada@x.y"})
        assert failure.message == "A document of members with these values exists already (by_email)."
        assert ada not in f"{failure}" and "ada@x.y" not in f"{failure}"


@on_loop
async def test_of_several_indexes_the_one_that_is_met_is_named() -> None:
    async with running(BACKEND) as host:
        acme = await host.mutate("app.found", name="Acme")
        await host.mutate("app.join", companyId=acme, email="ada@x.y", badge=7)
        assert await conflict(host, "app.join", companyId=acme, email="bob@x.y", badge=7) == (
            "unique_conflict",
            {"table": "members", "index": "by_badge"},
        )
        assert (await conflict(host, "app.join", companyId=acme, email="ada@x.y", badge=8)) == IN_BY_EMAIL


@on_loop
async def test_a_document_with_none_in_its_key_is_like_no_other() -> None:
    async with running(BACKEND) as host:
        acme = await host.mutate("app.found", name="Acme")
        for _ in range(3):
            await host.mutate("app.join", companyId=acme)
        assert await host.query("app.emails") == [None, None, None]


@on_loop
async def test_a_caught_conflict_leaves_the_mutation_usable_and_knows_the_document_in_the_way() -> None:
    async with running(BACKEND) as host:
        acme = await host.mutate("app.found", name="Acme")
        ada = await host.mutate("app.join", companyId=acme, email="ada@x.y")
        assert await host.mutate("app.joinOrFind", companyId=acme, email="ada@x.y") == ada
        assert await host.query("app.emails") == ["ada@x.y", None]
        assert await host.query("app.companies") == ["Acme", "before"]
        assert await host.mutate("app.joinOrFind", companyId=acme, email="bob@x.y") not in (ada, None)


@on_loop
async def test_an_uncaught_conflict_undoes_the_whole_mutation() -> None:
    @mutation
    async def two(ctx: MutationCtx, *, company_id: Id[Company]) -> None:
        await ctx.db.insert(Member(company_id=company_id, email="a@x.y"))
        await ctx.db.insert(Member(company_id=company_id, email="a@x.y"))

    async with running(backend_of(*FUNCTIONS, two, tables=[Company, Member])) as host:
        acme = await host.mutate("app.found", name="Acme")
        with pytest.raises(FailedCall):
            await host.mutate("app.two", companyId=acme)
        assert await host.query("app.emails") == []


@on_loop
async def test_a_key_that_was_given_up_is_free_again() -> None:
    async with running(BACKEND) as host:
        acme = await host.mutate("app.found", name="Acme")
        ada = await host.mutate("app.join", companyId=acme, email="ada@x.y")
        bob = await host.mutate("app.join", companyId=acme, email="bob@x.y")
        await host.mutate("app.swap", one=ada, other=bob)
        assert await host.query("app.emails") == ["bob@x.y", "ada@x.y"]
        await host.mutate("app.leave", id=ada)
        await host.mutate("app.move", id=bob, email="bob@x.y")
        assert await host.query("app.emails") == ["bob@x.y"]


@on_loop
async def test_a_watched_key_sees_who_takes_it_and_nothing_of_its_neighbours() -> None:
    async with running(BACKEND) as host:
        acme = await host.mutate("app.found", name="Acme")
        watcher = host.watcher()
        assert await watcher.watch("app.byEmail", companyId=acme, email="ada@x.y") is None
        ada = await host.mutate("app.join", companyId=acme, email="ada@x.y")
        assert watcher.results[0]["id"] == ada
        reruns = host.stats.reruns
        await host.mutate("app.join", companyId=acme, email="ada@x.z")
        await conflict(host, "app.join", companyId=acme, email="ada@x.y")
        assert host.stats.reruns == reruns


@on_loop
async def test_a_repeated_request_answers_its_conflict_again() -> None:
    async with running(BACKEND) as host:
        acme = await host.mutate("app.found", name="Acme")
        ada = await host.mutate("app.join", companyId=acme, email="ada@x.y")
        args = {"companyId": acme, "email": "ada@x.y"}
        once = await host.call(FunctionKind.MUTATION, "app.join", args, request="s:1")
        await host.mutate("app.leave", id=ada)
        again = await host.call(FunctionKind.MUTATION, "app.join", args, request="s:1")
        assert once.failure is not None and again.failure == once.failure


# --- a database that grows into it ---


def loose() -> Backend:
    class Member(Table, name="members"):
        company_id: Id[Company]
        email: str | None = None
        badge: int | None = None

        by_email = index("company_id", "email")

    return backend_of(found, join_loosely(Member), tables=[Company, Member])


def join_loosely(table: type[Any]) -> Any:
    @mutation
    async def join(ctx: MutationCtx, *, company_id: Id[Company], email: str | None) -> str:
        return await ctx.db.insert(table(company_id=company_id, email=email))

    return join


@on_loop
async def test_an_index_becomes_unique_only_where_no_stored_documents_share_a_key(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/app.db"
    async with running(loose(), database) as host:
        acme = await host.mutate("app.found", name="Acme")
        for email in ("a", "b", "a", None, None):
            await host.mutate("app.join", companyId=acme, email=email)
    with pytest.raises(SchemaMismatch) as caught:
        open_runtime(BACKEND, database)
    (misfit,) = caught.value.misfits
    assert misfit.place == "members.by_email"
    assert misfit.problem.startswith("is unique, and 2 of 5 documents share their company_id, email with another")
    async with running(loose(), database) as host:  # nothing was changed
        await host.mutate("app.join", companyId=acme, email="b")


@on_loop
async def test_uniqueness_is_switched_on_and_off_with_its_declaration(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/app.db"
    async with running(loose(), database) as host:
        acme = await host.mutate("app.found", name="Acme")
        await host.mutate("app.join", companyId=acme, email="a")
    async with running(BACKEND, database) as host:
        assert await conflict(host, "app.join", companyId=acme, email="a") == IN_BY_EMAIL
    async with running(loose(), database) as host:
        await host.mutate("app.join", companyId=acme, email="a")


@on_loop
async def test_a_migration_that_makes_keys_differ_lets_an_index_become_unique(tmp_path: Path) -> None:
    @migration(Member)
    async def tell_apart(ctx: QueryCtx, stored: Stored) -> Changes:
        return {"email": f"{stored['email']} of {stored['id']}"}

    database = f"sqlite:///{tmp_path}/app.db"
    async with running(loose(), database) as host:
        acme = await host.mutate("app.found", name="Acme")
        for email in ("a", "b", "a"):
            await host.mutate("app.join", companyId=acme, email=email)
    async with running(BACKEND, database, tell_apart) as host:
        found = await host.query("app.emails")
        assert [email[:5] for email in found] == ["a of ", "b of ", "a of "]
        assert await conflict(host, "app.join", companyId=acme, email=found[0]) == IN_BY_EMAIL


@on_loop
async def test_a_renamed_table_and_field_keep_their_uniqueness(tmp_path: Path) -> None:
    class Person(Table, name="people", renamed_from="members"):
        company_id: Id[Company]
        mail: Annotated[str | None, renamed_from("email")] = None
        badge: int | None = None

        by_mail = index("company_id", "mail", unique=True)

    @mutation
    async def join(ctx: MutationCtx, *, company_id: Id[Company], mail: str) -> str:
        return await ctx.db.insert(Person(company_id=company_id, mail=mail))

    database = f"sqlite:///{tmp_path}/app.db"
    async with running(BACKEND, database) as host:
        acme = await host.mutate("app.found", name="Acme")
        await host.mutate("app.join", companyId=acme, email="a")
    async with running(backend_of(join, tables=[Company, Person]), database) as host:
        await host.mutate("app.join", companyId=acme, mail="b")
        assert await conflict(host, "app.join", companyId=acme, mail="a") == (
            "unique_conflict",
            {"table": "people", "index": "by_mail"},
        )


def open_runtime(backend: Backend, database: str) -> Runtime:
    return Runtime.open(
        contract=backend.contract, functions=backend.functions, tables=backend.tables, database=database
    )
