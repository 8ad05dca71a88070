"""What deleting a document does to those that refer to it, as they declare: refused, deleted too, emptied, nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import model_validator

from schemagen import (
    DocumentNotFound,
    Id,
    LimitExceeded,
    MutationCtx,
    QueryCtx,
    ReferencedDocument,
    Table,
    col,
    index,
    mutation,
    query,
    ref,
    renamed_from,
    search_index,
)
from schemagen.engine.answer import FailureKind
from schemagen.engine.limits import Limits
from tests.engine.backend import backend_of
from tests.engine.host import FailedCall, Host, on_loop, running


class Company(Table, name="companies"):
    name: str


class Team(Table, name="teams"):
    company_id: Id[Company] = ref(on_delete="cascade")
    name: str

    by_company = index("company_id")


class Contact(Table, name="contacts"):
    company_id: Id[Company] = ref(on_delete="cascade")
    team_id: Id[Team] | None = ref(on_delete="set_null", default=None)
    second_team_id: Id[Team] | None = ref(on_delete="set_null", default=None)
    name: str
    teamless: bool = True

    by_company = index("company_id", "name")
    by_team = index("team_id")
    by_second_team = index("second_team_id")

    @model_validator(mode="after")
    def _follow(self) -> Contact:
        if self.name == "stubborn" and self.team_id is None:
            raise ValueError("stubborn contacts have a team")
        self.teamless = self.team_id is None
        return self


class Deal(Table, name="deals"):
    company_id: Id[Company] = ref(on_delete="cascade")
    contact_id: Id[Contact] = ref(on_delete="restrict")

    by_company = index("company_id")
    by_contact = index("contact_id")


class Note(Table, name="notes"):
    contact_id: Id[Contact] = ref(on_delete="cascade")
    reply_to: Id[Note] | None = ref(on_delete="cascade", default=None)
    text: str = ""

    by_contact = index("contact_id")
    by_reply_to = index("reply_to")
    search_text = search_index("text")


class Log(Table, name="logs"):
    """Refers to contacts without saying what becomes of it."""

    contact_id: Id[Contact]

    by_contact = index("contact_id")


TABLES: list[type[Table]] = [Company, Team, Contact, Deal, Note, Log]

body: Any = None


@mutation
async def run(ctx: MutationCtx) -> None:
    """Whatever the test says: it is a handler like any other."""
    await body(ctx)


@query
async def notes(ctx: QueryCtx, *, contact_id: Id[Contact]) -> list[str]:
    return [note.text for note in await ctx.db.query(Note).where(Note.contact_id == contact_id).all()]


@query
async def members(ctx: QueryCtx, *, team_id: Id[Team]) -> list[str]:
    return [contact.name for contact in await ctx.db.query(Contact).where(col(Contact.team_id) == team_id).all()]


@query
async def said(ctx: QueryCtx, *, words: str) -> list[str]:
    return [note.text for note in await ctx.db.search(Note.search_text, words).take(10)]


@mutation
async def delete_contact(ctx: MutationCtx, *, id: Id[Contact]) -> None:
    await ctx.db.delete(id)


BACKEND = backend_of(run, notes, members, said, delete_contact, tables=TABLES)


async def inside(host: Host, what: Any) -> Any:
    """Run a coroutine function as a mutation; what it returns, or raises."""
    global body
    given: list[Any] = []

    async def kept(ctx: MutationCtx) -> None:
        try:
            given.append(await what(ctx))
        except BaseException as error:
            given.append(error)
            raise

    body = kept
    try:
        await host.mutate("app.run")
    except FailedCall:
        raise given[0] from None
    return given[0]


async def counts(ctx: MutationCtx) -> dict[str, int]:
    return {table.table_name: await ctx.db.query(table).count() for table in TABLES}


async def a_contact(ctx: MutationCtx, name: str = "Ada", **fields: Any) -> tuple[Id[Company], Id[Contact]]:
    company_id = await ctx.db.insert(Company(name="Acme"))
    return company_id, await ctx.db.insert(Contact(company_id=company_id, name=name, **fields))


def in_a_mutation(check: Any) -> Any:
    """A test that is the body of a mutation."""

    @on_loop
    async def test() -> None:
        async with running(BACKEND, limits=Limits(cpu_seconds=60)) as host:
            await inside(host, check)

    test.__name__ = check.__name__
    return test


@in_a_mutation
async def test_what_is_referred_to_by_restrict_stays(ctx: MutationCtx) -> None:
    company_id, contact_id = await a_contact(ctx)
    deals = [await ctx.db.insert(Deal(company_id=company_id, contact_id=contact_id)) for _ in range(3)]
    note = await ctx.db.insert(Note(contact_id=contact_id))
    with pytest.raises(ReferencedDocument) as caught:
        await ctx.db.delete(contact_id)
    error = caught.value
    assert (error.table, error.field, error.count, error.example_id) == ("deals", "contact_id", 3, min(deals))
    assert await ctx.db.get(contact_id) and await ctx.db.get(note)  # the mutation goes on, and nothing is deleted
    for deal in deals:
        await ctx.db.delete(deal)
    await ctx.db.delete(contact_id)
    assert await ctx.db.get(note) is None


@in_a_mutation
async def test_what_refers_by_cascade_is_deleted_too_and_so_on(ctx: MutationCtx) -> None:
    _, contact_id = await a_contact(ctx)
    _, other_id = await a_contact(ctx, "Bob")
    first = await ctx.db.insert(Note(contact_id=contact_id))
    await ctx.db.insert(Note(contact_id=other_id, reply_to=first))  # another contact's, and still an answer to it
    kept = await ctx.db.insert(Note(contact_id=other_id))
    await ctx.db.delete(contact_id)
    assert [note.id for note in await ctx.db.query(Note).all()] == [kept]
    assert await ctx.db.get(other_id) is not None


@in_a_mutation
async def test_what_refers_by_set_null_stays_without_it_and_is_validated(ctx: MutationCtx) -> None:
    company_id = await ctx.db.insert(Company(name="Acme"))
    team_id = await ctx.db.insert(Team(company_id=company_id, name="A"))
    fields: dict[str, Any] = {"company_id": company_id, "name": "Ada"}
    both = await ctx.db.insert(Contact(**fields, team_id=team_id, second_team_id=team_id))
    await ctx.db.delete(team_id)
    contact = await ctx.db.get_existing(both)
    assert (contact.team_id, contact.second_team_id, contact.teamless) == (None, None, True)


@in_a_mutation
async def test_without_a_declaration_nothing_is_done(ctx: MutationCtx) -> None:
    _, contact_id = await a_contact(ctx)
    log = await ctx.db.insert(Log(contact_id=contact_id))
    await ctx.db.delete(contact_id)
    assert (await ctx.db.get_existing(log)).contact_id == contact_id


@in_a_mutation
async def test_what_is_deleted_along_stands_in_nobodys_way(ctx: MutationCtx) -> None:
    company_id, contact_id = await a_contact(ctx)
    team_id = await ctx.db.insert(Team(company_id=company_id, name="A"))
    await ctx.db.patch(contact_id, team_id=team_id)
    await ctx.db.insert(Deal(company_id=company_id, contact_id=contact_id))
    await ctx.db.delete(company_id)  # the deal restricts the contact, and goes with the company
    assert await counts(ctx) == dict.fromkeys((table.table_name for table in TABLES), 0)


@in_a_mutation
async def test_a_restriction_far_down_refuses_all_of_it(ctx: MutationCtx) -> None:
    company_id, contact_id = await a_contact(ctx)
    other_id, _ = await a_contact(ctx, "Bob")
    await ctx.db.insert(Note(contact_id=contact_id))
    await ctx.db.insert(Deal(company_id=other_id, contact_id=contact_id))
    before = await counts(ctx)
    with pytest.raises(ReferencedDocument, match=r"Documents of deals still refer to this one \(contact_id\)"):
        await ctx.db.delete(company_id)
    assert await counts(ctx) == before


@in_a_mutation
async def test_references_in_a_circle_end(ctx: MutationCtx) -> None:
    _, contact_id = await a_contact(ctx)
    one = await ctx.db.insert(Note(contact_id=contact_id))
    other = await ctx.db.insert(Note(contact_id=contact_id, reply_to=one))
    alone = await ctx.db.insert(Note(contact_id=contact_id))
    await ctx.db.patch(one, reply_to=other)
    await ctx.db.patch(alone, reply_to=alone)
    await ctx.db.delete(alone)
    await ctx.db.delete(one)
    assert await ctx.db.query(Note).count() == 0


@in_a_mutation
async def test_a_chain_of_thousands_goes_as_one(ctx: MutationCtx) -> None:
    _, contact_id = await a_contact(ctx)
    first = last = await ctx.db.insert(Note(contact_id=contact_id))
    for _ in range(2_000):
        last = await ctx.db.insert(Note(contact_id=contact_id, reply_to=last))
    await ctx.db.delete(first)
    assert await ctx.db.query(Note).count() == 0


@on_loop
async def test_everything_deleted_or_emptied_along_counts_as_written() -> None:
    async with running(BACKEND, limits=Limits(rows_written=50, cpu_seconds=60)) as host:
        company_id, contact_id = await inside(host, a_contact)
        team_id = await inside(host, lambda ctx: ctx.db.insert(Team(company_id=company_id, name="A")))

        async def fill(ctx: MutationCtx) -> None:
            for _ in range(20):
                await ctx.db.insert(Note(contact_id=contact_id))
                await ctx.db.insert(Contact(company_id=company_id, team_id=team_id, name="Bob"))

        for _ in range(3):
            await inside(host, fill)
        before = await inside(host, counts)
        for id in (contact_id, team_id):
            with pytest.raises(LimitExceeded, match="writes more than 50 documents"):
                await inside(host, lambda ctx, id=id: ctx.db.delete(id))
        assert await inside(host, counts) == before


@on_loop
async def test_a_refusal_reads_one_document_of_thousands_and_counts_them_all() -> None:
    async with running(BACKEND, limits=Limits(rows_read=100, cpu_seconds=60)) as host:
        company_id, contact_id = await inside(host, a_contact)

        async def fill(ctx: MutationCtx) -> None:
            for _ in range(3_000):
                await ctx.db.insert(Deal(company_id=company_id, contact_id=contact_id))

        await inside(host, fill)
        with pytest.raises(ReferencedDocument) as caught:
            await inside(host, lambda ctx: ctx.db.delete(contact_id))
        assert caught.value.count == 3_000


@on_loop
async def test_thousands_are_emptied_at_once() -> None:
    async with running(BACKEND, limits=Limits(cpu_seconds=60)) as host:
        company_id = await inside(host, lambda ctx: ctx.db.insert(Company(name="Acme")))
        team_id = await inside(host, lambda ctx: ctx.db.insert(Team(company_id=company_id, name="A")))

        async def fill(ctx: MutationCtx) -> None:
            for number in range(5_000):
                await ctx.db.insert(Contact(company_id=company_id, team_id=team_id, name=str(number)))

        await inside(host, fill)
        await inside(host, lambda ctx: ctx.db.delete(team_id))
        assert await host.query("app.members", teamId=str(team_id)) == []


@in_a_mutation
async def test_a_validator_that_refuses_an_emptied_document_undoes_the_deletion(ctx: MutationCtx) -> None:
    company_id = await ctx.db.insert(Company(name="Acme"))
    team_id = await ctx.db.insert(Team(company_id=company_id, name="A"))
    fine = await ctx.db.insert(Contact(company_id=company_id, team_id=team_id, name="Ada"))
    await ctx.db.insert(Contact(company_id=company_id, team_id=team_id, name="stubborn"))
    with pytest.raises(ValueError, match="stubborn contacts have a team"):
        await ctx.db.delete(team_id)
    assert await ctx.db.get(team_id) is not None
    assert (await ctx.db.get_existing(fine)).team_id == team_id


@in_a_mutation
async def test_an_id_that_names_no_document_may_be_stored(ctx: MutationCtx) -> None:
    company_id, contact_id = await a_contact(ctx)
    await ctx.db.delete(contact_id)
    deal_id = await ctx.db.insert(Deal(company_id=company_id, contact_id=contact_id))
    with pytest.raises(DocumentNotFound):
        await ctx.db.delete(contact_id)
    await ctx.db.delete(deal_id)


@on_loop
async def test_clients_get_the_table_and_the_field_and_no_document() -> None:
    async with running(BACKEND) as host:

        async def setup(ctx: MutationCtx) -> str:
            company_id, contact_id = await a_contact(ctx)
            await ctx.db.insert(Deal(company_id=company_id, contact_id=contact_id))
            return str(contact_id)  # as JSON has it

        contact_id = await inside(host, setup)
        failure = await host.failure("mutation", "app.deleteContact", {"id": contact_id})
        assert (failure.kind, failure.code) == (FailureKind.APP, "referenced_document")
        assert failure.data == {"table": "deals", "field": "contact_id"}


class Person(Table, name="people", renamed_from="contacts"):
    name: str


class Comment(Table, name="comments", renamed_from="notes"):
    person_id: Annotated[Id[Person], renamed_from("contact_id")] = ref(on_delete="cascade")
    text: str = ""

    by_person = index("person_id")


@mutation
async def forget(ctx: MutationCtx, *, id: Id[Person]) -> int:
    await ctx.db.delete(id)
    return await ctx.db.query(Comment).count()


@on_loop
async def test_a_renamed_reference_to_a_renamed_table_still_refers(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/app.db"
    async with running(BACKEND, database) as host:
        _, contact_id = await inside(host, a_contact)
        await inside(host, lambda ctx: ctx.db.insert(Note(contact_id=contact_id)))
    async with running(backend_of(forget, tables=[Person, Comment]), database) as host:
        assert await host.mutate("app.forget", id=str(contact_id)) == 0


@on_loop
async def test_live_queries_see_what_is_deleted_along_and_what_is_emptied() -> None:
    async with running(BACKEND) as host:
        ids: dict[str, Any] = {}

        async def setup(ctx: MutationCtx) -> None:
            company_id, ids["contact"] = await a_contact(ctx)
            ids["team"] = await ctx.db.insert(Team(company_id=company_id, name="A"))
            await ctx.db.patch(ids["contact"], team_id=ids["team"])
            await ctx.db.insert(Note(contact_id=ids["contact"], text="hello"))

        def deleting(name: str) -> Any:
            async def delete(ctx: MutationCtx) -> None:
                await ctx.db.delete(ids[name])

            return delete

        await inside(host, setup)
        watcher = host.watcher()
        assert await watcher.watch("app.notes", contactId=str(ids["contact"])) == ["hello"]
        assert await watcher.watch("app.members", teamId=str(ids["team"])) == ["Ada"]
        assert await watcher.watch("app.said", words="hell") == ["hello"]
        await inside(host, deleting("team"))
        assert watcher.results == {0: ["hello"], 1: [], 2: ["hello"]}
        await inside(host, deleting("contact"))
        assert watcher.results == {0: [], 1: [], 2: []}


def test_a_word_that_is_none_of_the_three_is_refused_where_it_is_written() -> None:
    wrong: Any = "setnull"
    with pytest.raises(ValueError, match="write one of 'restrict', 'cascade', 'set_null'"):
        ref(on_delete=wrong)
