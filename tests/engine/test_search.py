"""Search: what is found and in what order, in step with every write, and watched no wider than it reads."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from schemagen import Id, MutationCtx, QueryCtx, Table, col, index, mutation, query, search_index
from schemagen.engine.limits import Limits
from schemagen.store.finding import ENTRIES_MAX
from tests.engine.backend import backend_of
from tests.engine.host import FailedCall, Host, on_loop, running


class Company(Table, name="companies"):
    name: str


class Contact(Table, name="contacts"):
    company_id: Id[Company]
    full_name: str
    stage: str | None = None
    score: int = 0
    share: float | None = None
    labels: list[str] = []

    by_company = index("company_id")
    search_name = search_index("full_name", filters=["company_id", "stage"])
    search_labels = search_index("labels")
    search_share = search_index("full_name", filters=["share"])


@mutation
async def found(ctx: MutationCtx) -> Id[Company]:
    return await ctx.db.insert(Company(name="Acme"))


@mutation
async def add(
    ctx: MutationCtx, *, company: Id[Company], name: str, stage: str | None = None, labels: list[str] | None = None
) -> Id[Contact]:
    return await ctx.db.insert(Contact(company_id=company, full_name=name, stage=stage, labels=labels or []))


@mutation
async def change(ctx: MutationCtx, *, id: Id[Contact], name: str | None = None, score: int | None = None) -> None:
    contact = await ctx.db.get_existing(id)
    contact.full_name = contact.full_name if name is None else name
    contact.score = contact.score if score is None else score
    await ctx.db.save(contact)


@mutation
async def move(ctx: MutationCtx, *, id: Id[Contact], company: Id[Company], stage: str | None = None) -> None:
    await ctx.db.patch(id, company_id=company, stage=stage)


@mutation
async def remove(ctx: MutationCtx, *, id: Id[Contact]) -> None:
    await ctx.db.delete(id)


@mutation
async def add_and_fail(ctx: MutationCtx, *, company: Id[Company], name: str) -> None:
    await ctx.db.insert(Contact(company_id=company, full_name=name))
    assert await ctx.db.search(Contact.search_name, name).first() is not None
    raise RuntimeError("undone")


@mutation
async def add_many(ctx: MutationCtx, *, company: Id[Company], names: list[str]) -> None:
    for name in names:
        await ctx.db.insert(Contact(company_id=company, full_name=name))


@mutation
async def change_and_fail(ctx: MutationCtx, *, id: Id[Contact], name: str) -> None:
    await ctx.db.patch(id, full_name=name)
    raise RuntimeError("undone")


@query
async def search(ctx: QueryCtx, *, text: str, company: Id[Company], count: int = 20) -> list[str]:
    hits = ctx.db.search(Contact.search_name, text).where(Contact.company_id == company)
    return [contact.full_name for contact in await hits.take(count)]


@query
async def search_stage(ctx: QueryCtx, *, text: str, company: Id[Company], stage: str | None) -> list[str]:
    hits = ctx.db.search(Contact.search_name, text).where(Contact.company_id == company, Contact.stage == stage)
    return [contact.full_name for contact in await hits.take(20)]


@query
async def search_all(ctx: QueryCtx, *, text: str) -> list[str]:
    return [contact.full_name for contact in await ctx.db.search(Contact.search_name, text).take(2_000)]


@query
async def search_ids(ctx: QueryCtx, *, company: Id[Company], text: str) -> list[Id[Contact]]:
    hits = ctx.db.search(Contact.search_name, text).where(Contact.company_id == company)
    return [contact.id for contact in await hits.take(20)]


@mutation
async def set_share(ctx: MutationCtx, *, id: Id[Contact], share: float) -> None:
    await ctx.db.patch(id, share=None if share < 0 else share)


@query
async def search_share(ctx: QueryCtx, *, share: float) -> list[str]:
    wanted = None if share < 0 else share
    hits = ctx.db.search(Contact.search_share, "a").where(col(Contact.share) == wanted)
    return [contact.full_name for contact in await hits.take(9)]


@query
async def search_labels(ctx: QueryCtx, *, text: str) -> str | None:
    hit = await ctx.db.search(Contact.search_labels, text).first()
    return hit.full_name if hit else None


@query
async def unserved(ctx: QueryCtx, *, way: str) -> None:
    hits = ctx.db.search(Contact.search_name, "ada")
    match way:
        case "unknown filter":
            hits = hits.where(Contact.company_id == cast(Id[Company], COMPANY), Contact.score == 1)
        case "gap":
            hits = hits.where(Contact.stage == "lead")
        case "range":
            hits = hits.where(Contact.company_id > cast(Id[Company], COMPANY))
        case "twice":
            hits = hits.where(Contact.score == 1).where(Contact.score == 2)
        case "list":
            hits = hits.where(Contact.labels == ["a"])
        case "id":
            hits = hits.where(Contact.id == cast(Id[Contact], COMPANY))
        case "no filters":
            hits = ctx.db.search(Contact.search_labels, "ada").where(Contact.stage == "lead")
        case "other table":
            hits = hits.where(Company.name == "Acme")
        case "never":
            hits = hits.where(Contact.company_id == cast(Id[Company], "contacts_01h455vb4pex5vsknk084sn02q"))
        case "negative":
            await hits.take(-1)
        case "not an index":
            ctx.db.search(cast(Any, "search_name"), "ada")
        case "not a text":
            ctx.db.search(Contact.search_name, cast(Any, None))
        case _:
            raise AssertionError(way)
    await hits.take(1)


COMPANY = "companies_01h455vb4pex5vsknk084sn02q"
BACKEND = backend_of(
    *(found, add, add_many, change, change_and_fail, move, remove, add_and_fail),
    *(search, search_stage, search_all, search_ids, search_labels, set_share, search_share, unserved),
    tables=[Company, Contact],
)


async def names(host: Host, company: str, *names: str) -> list[str]:
    return [await host.mutate("app.add", company=company, name=name) for name in names]


async def check_found(host: Host, company: str, text: str, *expected: str) -> None:
    assert await host.query("app.search", text=text, company=company) == list(expected)


@on_loop
async def test_all_words_are_there_and_the_last_one_begins_so() -> None:
    async with running(BACKEND) as host:
        acme = await host.mutate("app.found")
        await names(host, acme, "Ada Lovelace", "Ada Byron", "Lo Ada", "Adam Lopez")
        await check_found(host, acme, "ada lo", "Lo Ada", "Ada Lovelace")
        await check_found(host, acme, "LOVE", "Ada Lovelace")
        await check_found(host, acme, "ada  lo?!", "Lo Ada", "Ada Lovelace")
        await check_found(host, acme, "lo ada", "Lo Ada")
        await check_found(host, acme, "lo adam")
        await check_found(host, acme, "nobody")


@on_loop
async def test_whole_words_and_frequent_words_and_short_texts_come_first_then_the_newest() -> None:
    async with running(BACKEND) as host:
        acme = await host.mutate("app.found")
        await names(host, acme, "Ann Lee Bo Cy", "Anna Lee", "Ann Lee", "Ann Ann Lee Bo", "Anna Lee")
        host.clock.turn(timedelta(seconds=1))
        await names(host, acme, "Anna Lee")
        await check_found(
            host, acme, "ann", "Ann Ann Lee Bo", "Ann Lee", "Ann Lee Bo Cy", "Anna Lee", "Anna Lee", "Anna Lee"
        )
        found = await host.query("app.searchIds", company=acme, text="anna")
        assert found == [*reversed(sorted(found)[2:]), *sorted(found)[:2]], "the newest, then by id"


@on_loop
async def test_case_accents_and_scripts_without_spaces() -> None:
    async with running(BACKEND) as host:
        acme = await host.mutate("app.found")
        await names(host, acme, "Łucja GARCÍA", "東京太郎", "김철수")
        for text in ("garcia", "LUCJA", "Łucja garc", "ＧＡＲＣ"):
            await check_found(host, acme, text, "Łucja GARCÍA")
        for text in ("東", "京", "東京", "京太", "東京太郎", "郎"):
            await check_found(host, acme, text, "東京太郎")
        await check_found(host, acme, "東太")
        await check_found(host, acme, "철수", "김철수")
        await check_found(host, acme, "김", "김철수")


@on_loop
async def test_any_number_of_the_first_filters_narrows() -> None:
    async with running(BACKEND) as host:
        acme, globex = [await host.mutate("app.found") for _ in range(2)]
        for company, name, stage in (
            (acme, "Ada 1", "lead"),
            (acme, "Ada 2", None),
            (acme, "Ada 3", "won"),
            (globex, "Ada 4", "lead"),
            (globex, "Adam 5", None),
        ):
            host.clock.turn(timedelta(seconds=1))
            await host.mutate("app.add", company=company, name=name, stage=stage)
        assert await host.query("app.searchStage", text="ada", company=acme, stage="lead") == ["Ada 1"]
        assert await host.query("app.searchStage", text="ada", company=acme, stage=None) == ["Ada 2"]
        assert await host.query("app.searchStage", text="ada", company=acme, stage="") == []
        await check_found(host, acme, "ada", "Ada 3", "Ada 2", "Ada 1")
        await check_found(host, globex, "ada", "Ada 4", "Adam 5")
        await check_found(host, COMPANY, "ada")
        assert await host.query("app.searchAll", text="ada") == ["Ada 4", "Ada 3", "Ada 2", "Ada 1", "Adam 5"]


@on_loop
async def test_a_number_is_a_filter_and_so_is_none() -> None:
    async with running(BACKEND) as host:
        acme = await host.mutate("app.found")
        [ada, adam] = await names(host, acme, "Ada", "Adam")
        await host.mutate("app.setShare", id=adam, share=7)
        watcher = host.watcher()
        for share in (-1, 0, 0.5):
            await watcher.watch("app.searchShare", share=share)
        for share, found in ((-1, 0), (-0.0, 1), (0.5, 2)):
            await host.mutate("app.setShare", id=ada, share=share)
            assert [watcher.results[number] for number in range(3)] == [
                ["Ada"] * (number == found) for number in range(3)
            ]


@on_loop
async def test_a_list_of_texts_is_searched_as_one() -> None:
    async with running(BACKEND) as host:
        acme = await host.mutate("app.found")
        await host.mutate("app.add", company=acme, name="Ada", labels=["very important", "north"])
        await host.mutate("app.add", company=acme, name="Bob")
        assert await host.query("app.searchLabels", text="north vip") is None
        assert await host.query("app.searchLabels", text="north import") == "Ada"


@on_loop
async def test_entries_follow_every_write_and_undone_writes_leave_none() -> None:
    async with running(BACKEND) as host:
        acme, globex = [await host.mutate("app.found") for _ in range(2)]
        [ada] = await names(host, acme, "Ada Lovelace")
        await host.mutate("app.change", id=ada, name="Ada King")
        await check_found(host, acme, "lovelace")
        await check_found(host, acme, "king", "Ada King")
        await host.mutate("app.move", id=ada, company=globex, stage="won")
        await check_found(host, acme, "ada")
        await check_found(host, globex, "ada", "Ada King")
        with pytest.raises(FailedCall):
            await host.mutate("app.addAndFail", company=acme, name="Grace")
        with pytest.raises(FailedCall):
            await host.mutate("app.changeAndFail", id=ada, name="Grace")
        assert await host.query("app.searchAll", text="grace") == []
        await check_found(host, globex, "king", "Ada King")
        await host.mutate("app.remove", id=ada)
        assert await host.query("app.searchAll", text="a") == []


@on_loop
async def test_a_text_without_words_finds_nothing_and_reads_nothing() -> None:
    async with running(BACKEND) as host:
        acme = await host.mutate("app.found")
        watcher = host.watcher()
        assert await watcher.watch("app.search", text=" …", company=acme) == []
        assert await watcher.watch("app.search", text="ada", company=acme, count=0) == []
        await names(host, acme, "Ada", "…")
        assert host.stats.reruns == 0


@on_loop
async def test_a_watched_search_runs_again_for_its_filters_and_words_and_for_no_others() -> None:
    async with running(BACKEND) as host:
        acme, globex = [await host.mutate("app.found") for _ in range(2)]
        watcher = host.watcher()
        assert await watcher.watch("app.search", text="ada lo", company=acme) == []

        seen = 0

        async def check_reruns(expected: int) -> None:
            nonlocal seen
            assert host.stats.reruns - seen == expected
            seen = host.stats.reruns

        await names(host, globex, "Ada Lovelace", "Lo Lo")
        await names(host, acme, "Bob", "Adam Al", "Lady")
        await check_reruns(0)
        [ada] = await names(host, acme, "Ada Lovelace")
        assert watcher.results[0] == ["Ada Lovelace"]
        await check_reruns(1)
        [bob] = await names(host, acme, "Bob Lovelace")  # one of its words: it could have been
        await check_reruns(1)
        await host.mutate("app.change", id=bob, name="Bob Lovejoy")
        await check_reruns(1)
        await host.mutate("app.change", id=bob, score=5)  # not among what was found
        await check_reruns(0)
        await host.mutate("app.change", id=ada, score=5)
        await check_reruns(1)
        await host.mutate("app.move", id=ada, company=acme, stage="won")
        await check_reruns(1)
        await host.mutate("app.move", id=ada, company=globex)
        assert watcher.results[0] == []
        await check_reruns(1)
        await host.mutate("app.change", id=ada, name="Ada Lo")
        await host.mutate("app.remove", id=ada)
        await check_reruns(0)
        await host.mutate("app.change", id=bob, name="Ada Lovejoy")  # its last word is what it was
        assert watcher.results[0] == ["Ada Lovejoy"]
        await check_reruns(1)


@on_loop
async def test_each_number_of_filters_is_watched_by_itself() -> None:
    async with running(BACKEND) as host:
        acme, globex = [await host.mutate("app.found") for _ in range(2)]
        watcher = host.watcher()
        await watcher.watch("app.searchAll", text="ada")
        await watcher.watch("app.search", text="ada", company=acme)
        await watcher.watch("app.searchStage", text="ada", company=acme, stage="lead")
        for company, stage, reruns in ((globex, "lead", 1), (acme, None, 2), (acme, "lead", 3)):
            before = host.stats.reruns
            await host.mutate("app.add", company=company, name="Ada", stage=stage)
            assert host.stats.reruns - before == reruns
        assert [len(watcher.results[number]) for number in range(3)] == [3, 2, 1]


@on_loop
async def test_the_first_entries_are_ranked_and_what_lies_behind_them_is_not_read() -> None:
    async with running(BACKEND) as host:
        acme = await host.mutate("app.found")
        many = [f"ab{number:04} and more" for number in range(ENTRIES_MAX)]
        await host.mutate("app.addMany", company=acme, names=many)
        watcher = host.watcher()
        found = await watcher.watch("app.search", text="ab", company=acme, count=2_000)
        assert sorted(found) == many
        assert await host.query("app.searchAll", text="ab") == found
        best = await watcher.watch("app.search", text="ab", company=acme, count=1)
        [behind] = await names(host, acme, "abx")
        assert host.stats.reruns == 0 and watcher.results[0] == found
        await names(host, acme, "ab0500x and more")
        assert sorted(watcher.results[0]) == sorted([*many[:-1], "ab0500x and more"])
        [first] = await host.query("app.searchIds", company=acme, text="ab0001")
        assert watcher.results[1] == best == ["ab0000 and more"]
        await host.mutate("app.remove", id=first)
        assert sorted(watcher.results[0]) == sorted([many[0], *many[2:], "ab0500x and more"])
        [second] = await host.query("app.searchIds", company=acme, text="ab0002")
        await host.mutate("app.remove", id=second)
        assert watcher.results[0][0] == "abx"
        assert watcher.results[1] == ["abx"], "what makes room was not in the result, what comes in is"
        await host.mutate("app.change", id=behind, name="ab")
        assert watcher.results[1] == ["ab"]


@on_loop
async def test_a_whole_word_that_is_everywhere_does_not_hide_a_rare_one() -> None:
    async with running(BACKEND) as host:
        acme = await host.mutate("app.found")
        many = [f"John A{number:04}" for number in range(ENTRIES_MAX + 100)]
        await host.mutate("app.addMany", company=acme, names=[*many, "Smith John"])
        await check_found(host, acme, "john smi", "Smith John")
        await check_found(host, acme, "smith jo", "Smith John")


@on_loop
async def test_entries_count_towards_the_limits_of_a_call() -> None:
    async with running(BACKEND, limits=Limits(rows_read=20)) as host:
        acme = await host.mutate("app.found")
        await names(host, acme, *(f"Ada {number}" for number in range(10)))
        await check_found(host, acme, "ada 7", "Ada 7")
        assert len(await host.query("app.search", text="ada", company=acme)) == 10
        await names(host, acme, "Ada 10")
        assert (await host.failure("query", "app.search", {"text": "ada", "company": acme})).kind == "internal"
        assert len(await host.query("app.search", text="ada", company=acme, count=1)) == 1


@pytest.mark.parametrize(
    ("way", "message"),
    [
        (
            "unknown filter",
            """
Contact.search_name does not serve ctx.db.search(Contact.search_name, ...).where(Contact.company_id == ...).where(\
Contact.score == ...)
  why: a search names the first filters of its index, or none; search_name has: company_id, stage
  fix: write this line in class Contact, in its schema:
         search_name = search_index("full_name", filters=["company_id", "stage", "score"])
       or choose in Python among what the search finds""",
        ),
        (
            "gap",
            """
Contact.search_name does not serve ctx.db.search(Contact.search_name, ...).where(Contact.stage == ...)
  why: a search names the first filters of its index, or none; search_name has: company_id, stage
  fix: name company_id too: .where(Contact.company_id == ...)
       or add a search index to class Contact, in its schema:
         search_name_2 = search_index("full_name", filters=["stage"])
       or choose in Python among what the search finds""",
        ),
        (
            "no filters",
            """
Contact.search_labels does not serve ctx.db.search(Contact.search_labels, ...).where(Contact.stage == ...)
  why: a search names the first filters of its index, or none; search_labels has: none
  fix: write this line in class Contact, in its schema:
         search_labels = search_index("labels", filters=["stage"])
       or choose in Python among what the search finds""",
        ),
        ("range", "\n  why: Contact.company_id > ...: a filter is compared by ==\n  fix: choose in Python among"),
        ("twice", "\n  why: a filter has one value, and here one is compared twice\n  fix: choose in Python among"),
        ("list", "\n  why: Contact.labels == ...: labels cannot be a filter\n  fix: choose in Python among"),
        ("id", "\n  why: Contact.id == ...: id cannot be a filter\n  fix: choose in Python among"),
        ("other table", "TypeError: Contact has no field 'name' that a search could name"),
        ("never", "TypeError: where(Contact.company_id == 'contacts_01h455vb4pex5vsknk084sn02q') can never hold"),
        ("negative", "ValueError: take() needs a count of 0 or more, got -1"),
        ("not an index", "TypeError: ctx.db.search() takes a search index such as Contact.search_name, got 'search_n"),
        ("not a text", "TypeError: ctx.db.search() takes the text to search for, got None"),
    ],
)
def test_what_is_not_served_says_what_to_write(way: str, message: str, caplog: pytest.LogCaptureFixture) -> None:
    @on_loop
    async def check() -> None:
        async with running(BACKEND) as host:
            await host.failure("query", "app.unserved", {"way": way})
            assert message.replace("\\\n", "").strip() in caplog.text

    check()


@on_loop
async def test_a_database_that_is_opened_again_has_its_entries(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/app.db"
    async with running(BACKEND, database) as host:
        acme = await host.mutate("app.found")
        await names(host, acme, "Ada")
    async with running(BACKEND, database) as host:
        await check_found(host, acme, "ada", "Ada")
