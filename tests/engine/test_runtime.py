"""Calls and their answers: failures, atomicity, exactly once, actions, shutdown."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import pytest
from annotated_types import Ge
from pydantic import BaseModel, field_validator

from schemagen import (
    ActionCtx,
    AppError,
    DocumentNotFound,
    Id,
    MutationCtx,
    QueryCtx,
    Table,
    action,
    index,
    mutation,
    query,
)
from schemagen.engine.answer import Answer, FailureKind
from schemagen.engine.runtime import Runtime
from schemagen.model.contract import FunctionKind
from schemagen.store.errors import StoreError
from schemagen.wire.issue import Issue
from tests.engine.backend import backend_of
from tests.engine.host import FailedCall, Host, on_loop, running, user


class Mood(Enum):
    GOOD = "good"
    BAD = "bad"


class Place(BaseModel):
    street_name: str
    house_number: Annotated[int, Ge(1)]

    @field_validator("street_name")
    @classmethod
    def _named(cls, value: str) -> str:
        if value == "nowhere":
            raise ValueError("there is no such street")
        return value


class Note(Table, name="notes"):
    text: str
    mood: Mood = Mood.GOOD
    places: list[Place] = []

    by_text = index("text")


class Limit(AppError):
    """At most {limit} notes."""

    limit: int
    of_mood: Mood


@query
async def texts(ctx: QueryCtx) -> list[str]:
    return [note.text for note in await ctx.db.query(Note).order_by(Note.text).all()]


@query
async def moods(ctx: QueryCtx, *, mood: Mood, places: list[Place], when: datetime, maybe: UUID | None = None) -> str:
    given: list[Any] = [mood, *places, maybe]
    assert [type(each) for each in given] == [Mood, *(Place for _ in places), type(None)]
    return f"{mood.name} {len(places)} {when.astimezone(UTC):%H:%M}"


@mutation
async def write(ctx: MutationCtx, *, text: str) -> Id[Note]:
    return await ctx.db.insert(Note(text=text, places=[Place(street_name="High", house_number=1)]))


@mutation
async def write_then_fail(ctx: MutationCtx, *, text: str, how: str) -> None:
    await ctx.db.insert(Note(text=text))
    match how:
        case "app":
            raise Limit(limit=3, of_mood=Mood.BAD)
        case "bug":
            raise KeyError("oops")
        case "result":
            return 3  # type: ignore[return-value]
        case "exit":
            raise SystemExit(3)
        case "sleep":
            await asyncio.sleep(0)
        case "loop":
            asyncio.get_running_loop().call_later(1, print)
        case _:
            pass
    return None


@mutation
async def write_all(ctx: MutationCtx, *, texts: list[str]) -> int:
    """Each in a transaction of its own inside this one; what fails is left out."""
    failed = 0
    for text in texts:
        try:
            await ctx.run_mutation(write_then_fail, text=text, how="app" if text.startswith("!") else "")
        except Limit:
            failed += 1
    return failed


@mutation
async def write_two(ctx: MutationCtx, *, text: str) -> None:
    await asyncio.gather(ctx.db.insert(Note(text=text)), ctx.db.insert(Note(text=f"{text}, again")))
    if text.startswith("!"):
        raise Limit(limit=3, of_mood=Mood.BAD)


@mutation
async def write_side_by_side(ctx: MutationCtx, *, texts: list[str]) -> list[bool]:
    """Which of them failed."""
    calls = [ctx.run_mutation(write_two, text=text) for text in texts]
    return [isinstance(each, Limit) for each in await asyncio.gather(*calls, return_exceptions=True)]


@query
async def counts(ctx: QueryCtx, *, texts: list[str]) -> list[int]:
    return list(await asyncio.gather(*(ctx.db.query(Note).where(Note.text == text).count() for text in texts)))


@mutation
async def read_own_writes(ctx: MutationCtx) -> list[str]:
    for number in range(3):
        await ctx.db.insert(Note(text=f"{number}"))
    seen = []
    async for note in ctx.db.query(Note).order_by(Note.text):
        await ctx.db.insert(Note(text=f"after {note.text}"))
        seen.append(note.text)
    return seen + await ctx.run_query(texts)


@query(internal=True)
async def hidden(ctx: QueryCtx) -> int:
    return 1


@query
async def fixed(ctx: QueryCtx) -> list[Any]:
    return [ctx.now == ctx.now, ctx.random.random() != ctx.random.random(), str(ctx.uuid())]


@query
async def existing(ctx: QueryCtx, *, id: Id[Note]) -> str:
    return (await ctx.db.get_existing(id)).text


gate: asyncio.Event


@action
async def deliver(ctx: ActionCtx, *, texts: list[str], wait: bool = False) -> int:
    if wait:
        await gate.wait()
    await asyncio.sleep(0)
    for text in texts:
        await ctx.run_mutation(write, text=text)
    found = await ctx.run_query(existing_count)
    identity = await ctx.auth.identity()
    return found if identity is None else -found


@query(internal=True)
async def existing_count(ctx: QueryCtx) -> int:
    return await ctx.db.query(Note).count()


@action
async def careful(ctx: ActionCtx) -> str:
    try:
        await ctx.run_mutation(write_then_fail, text="x", how="app")
    except Limit as error:
        return f"refused: {error.limit} {error.of_mood}"
    return "?"


@action
async def nested(ctx: ActionCtx) -> int:
    return await ctx.run_action(deliver, texts=["a", "b"])


@action
async def wrong_kind(ctx: ActionCtx) -> int:
    return await ctx.run_query(write, text="x")  # type: ignore[arg-type]


BACKEND = backend_of(
    texts,
    moods,
    write,
    write_then_fail,
    write_all,
    write_side_by_side,
    counts,
    read_own_writes,
    hidden,
    fixed,
    existing,
    deliver,
    existing_count,
    careful,
    nested,
    wrong_kind,
    tables=[Note],
    errors=[Limit],
)
PLACE = {"streetName": "High", "houseNumber": 1}


@on_loop
async def test_arguments_become_the_authors_own_classes() -> None:
    async with running(BACKEND) as host:
        shown = await host.query("app.moods", mood="bad", places=[PLACE], when="2026-01-02T03:04:05+01:00")
        assert shown == "BAD 1 02:04"


@on_loop
async def test_every_wrong_argument_is_named_by_its_path() -> None:
    async with running(BACKEND) as host:
        args = {"mood": "ugly", "places": [PLACE, {"streetName": 3, "houseNumber": 0}], "extra": 1}
        failure = await host.failure("query", "app.moods", args)
        assert failure.kind is FailureKind.INVALID_ARGUMENTS
        assert [issue.path for issue in failure.issues] == [
            ("mood",),
            ("places", 1, "streetName"),
            ("places", 1, "houseNumber"),
            ("extra",),
            ("when",),
        ]
        own = {"mood": "bad", "places": [PLACE, PLACE | {"streetName": "nowhere"}], "when": "2026-01-02T03:04:05Z"}
        failure = await host.failure("query", "app.moods", own)
        assert failure.issues == (Issue(("places", 1, "streetName"), "there is no such street"),)


@on_loop
async def test_functions_that_are_not_there_are_unknown() -> None:
    async with running(BACKEND) as host:
        for kind, path in [("query", "app.nope"), ("query", "app.hidden"), ("mutation", "app.texts"), ("query", "")]:
            failure = await host.failure(kind, path, {})
            assert failure.kind is FailureKind.UNKNOWN_FUNCTION, path
        assert (await host.call(FunctionKind.QUERY, "app.hidden", {}, internal=True)).value == b"1"


@on_loop
async def test_an_application_error_reaches_the_client_with_its_fields() -> None:
    async with running(BACKEND) as host:
        failure = await host.failure("mutation", "app.writeThenFail", {"text": "a", "how": "app"})
        assert (failure.kind, failure.code, failure.message) == (FailureKind.APP, "limit", "At most 3 notes.")
        assert failure.data == {"limit": 3, "ofMood": "bad"}
        missing = await host.failure("query", "app.existing", {"id": "notes_01h455vb4pex5vsknk084sn02q"})
        assert (missing.code, missing.data) == (DocumentNotFound.code, {"id": "notes_01h455vb4pex5vsknk084sn02q"})


@pytest.mark.parametrize("how", ["app", "bug", "result", "exit", "sleep"])
@on_loop
async def test_a_mutation_that_fails_leaves_nothing(how: str) -> None:
    async with running(BACKEND) as host:
        await host.mutate("app.write", text="kept")
        good = host.mutate("app.write", text="also kept")
        bad = host.failure("mutation", "app.writeThenFail", {"text": "gone", "how": how})
        await asyncio.gather(good, bad, host.mutate("app.write", text="kept too"))
        assert await host.query("app.texts") == ["also kept", "kept", "kept too"]


@on_loop
async def test_a_bug_gives_the_client_an_id_and_the_log_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    async with running(BACKEND) as host:
        failure = await host.failure("mutation", "app.writeThenFail", {"text": "a", "how": "bug"})
        assert failure.kind is FailureKind.INTERNAL and "oops" not in failure.message
        (record,) = [each for each in caplog.records if each.levelno >= logging.ERROR]
        assert failure.error_id is not None and failure.error_id in record.getMessage()
        assert "app.writeThenFail" in record.getMessage() and "'how': 'bug'" in record.getMessage()
        text = caplog.text
        assert 'raise KeyError("oops")' in text and "schemagen/engine" not in text


@on_loop
async def test_a_wrong_result_names_what_is_wrong_in_it(caplog: pytest.LogCaptureFixture) -> None:
    async with running(BACKEND) as host:
        await host.failure("mutation", "app.writeThenFail", {"text": "a", "how": "result"})
        assert "app.writeThenFail returned what is not of its declared type: expected None, got int 3" in caplog.text


@pytest.mark.parametrize("how", ["sleep", "loop"])
@on_loop
async def test_awaiting_anything_but_ctx_is_refused_with_advice(how: str, caplog: pytest.LogCaptureFixture) -> None:
    async with running(BACKEND) as host:
        failure = await host.failure("mutation", "app.writeThenFail", {"text": "a", "how": how})
        assert failure.kind is FailureKind.INTERNAL
        assert "a query or mutation may await only ctx" in caplog.text and "in an @action" in caplog.text
        line = "await asyncio.sleep(0)" if how == "sleep" else "asyncio.get_running_loop().call_later(1, print)"
        assert line in caplog.text and "schemagen/engine" not in caplog.text


@on_loop
async def test_gathered_mutations_undo_only_themselves() -> None:
    async with running(BACKEND) as host:
        watcher = host.watcher()
        await watcher.watch("app.texts")
        assert await host.mutate("app.writeSideBySide", texts=["!a", "b", "!c"]) == [True, False, True]
        assert await host.query("app.texts") == ["b", "b, again"] == watcher.results[0]


@on_loop
async def test_a_watched_query_that_gathers_is_run_again_for_each_of_its_reads() -> None:
    async with running(BACKEND) as host:
        watcher = host.watcher()
        await watcher.watch("app.counts", texts=["a", "b"])
        await host.mutate("app.write", text="b")
        assert watcher.results[0] == [0, 1]
        reruns = host.stats.reruns
        await host.mutate("app.write", text="c")
        assert host.stats.reruns == reruns


@on_loop
async def test_a_nested_mutation_that_fails_undoes_only_itself() -> None:
    async with running(BACKEND) as host:
        watcher = host.watcher()
        await watcher.watch("app.texts")
        assert await host.mutate("app.writeAll", texts=["a", "!b", "c", "!d"]) == 2
        assert await host.query("app.texts") == ["a", "c"] == watcher.results[0]
        reruns = host.stats.reruns
        assert await host.mutate("app.writeAll", texts=["!e"]) == 1
        assert host.stats.reruns == reruns


@on_loop
async def test_a_mutation_reads_what_it_wrote_and_walks_over_what_was_there() -> None:
    async with running(BACKEND) as host:
        seen = await host.mutate("app.readOwnWrites")
        assert seen == ["0", "1", "2", "0", "1", "2", "after 0", "after 1", "after 2"]


@on_loop
async def test_time_and_chance_are_fixed_within_a_run() -> None:
    async with running(BACKEND) as host:
        first, second = await host.query("app.fixed"), await host.query("app.fixed")
        assert first[:2] == [True, True] and UUID(first[2]).version == 4
        assert first[2] != second[2]


# --- exactly once ---


@on_loop
async def test_a_mutation_sent_twice_runs_once(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/app.db"

    async def send(host: Host, request: str, text: str = "a", **options: Any) -> Answer:
        return await host.call(FunctionKind.MUTATION, "app.write", {"text": text}, request=request, **options)

    async with running(BACKEND, database) as host:
        first = await send(host, "s:1")
        assert await send(host, "s:1") == first
        both = await asyncio.gather(send(host, "s:2"), send(host, "s:2"))
        assert both[0] == both[1] and host.stats.executions == 2
        other = await send(host, "s:1", "another text")
        assert other.failure is not None and other.failure.kind is FailureKind.PROTOCOL
        stranger = await send(host, "s:1", identity=user("eve"))
        assert stranger.failure is not None and stranger.failure.kind is FailureKind.PROTOCOL
    async with running(BACKEND, database) as host:
        assert await send(host, "s:1") == first
        assert await host.query("app.texts") == ["a", "a"]


@on_loop
async def test_a_failed_mutation_sent_twice_fails_the_same_way() -> None:
    async with running(BACKEND) as host:
        for how in ("app", "bug"):
            args = {"text": "a", "how": how}
            first = await host.failure("mutation", "app.writeThenFail", args, request=how)
            assert await host.failure("mutation", "app.writeThenFail", args, request=how) == first
        assert host.stats.executions == 2
        await host.failure("mutation", "app.write", {"text": 3}, request="w")
        assert (await host.call(FunctionKind.MUTATION, "app.write", {"text": "3"}, request="w")).failure is None


# --- actions ---


@on_loop
async def test_an_action_runs_queries_and_mutations_as_transactions_of_their_own() -> None:
    async with running(BACKEND) as host:
        watcher = host.watcher()
        await watcher.watch("app.texts")
        assert await host.act("app.deliver", texts=["a", "b"]) == 2
        assert watcher.results[0] == ["a", "b"] and len(watcher.deltas) == 3
        assert await host.act("app.deliver", user("ada"), texts=[]) == -2
        assert await host.act("app.nested") == 4
        assert await host.act("app.careful") == "refused: 3 Mood.BAD"
        failure = await host.failure("action", "app.deliver", {"texts": "x"})
        assert failure.issues[0].path == ("texts",)


@on_loop
async def test_ctx_takes_only_functions_of_the_kind_it_says(caplog: pytest.LogCaptureFixture) -> None:
    async with running(BACKEND) as host:
        assert (await host.failure("action", "app.wrongKind", {})).kind is FailureKind.INTERNAL
        assert "ctx.run_query() takes a function declared with @query, got <mutation" in caplog.text


# --- shutdown ---


@on_loop
async def test_closing_finishes_what_runs_and_refuses_the_rest() -> None:
    global gate
    gate = asyncio.Event()
    async with running(BACKEND) as host:
        action_ = asyncio.create_task(host.act("app.deliver", texts=["a"], wait=True))
        await asyncio.sleep(0)
        waiting = [asyncio.create_task(host.mutate("app.write", text=f"{number}")) for number in range(300)]
        await asyncio.sleep(0)
        closing = asyncio.create_task(host.runtime.close())
        await asyncio.sleep(0)
        late = await host.failure("query", "app.texts", {})
        assert late.kind is FailureKind.UNAVAILABLE
        gate.set()
        assert await action_ == 301
        await closing
        assert len(await asyncio.gather(*waiting)) == 300


@on_loop
async def test_a_caller_that_gives_up_does_not_stop_others() -> None:
    async with running(BACKEND) as host:
        calls = [asyncio.create_task(host.mutate("app.write", text=f"{number}")) for number in range(10)]
        await asyncio.sleep(0)
        calls[3].cancel()
        done = await asyncio.gather(*calls, return_exceptions=True)
        assert sum(isinstance(each, asyncio.CancelledError) for each in done) == 1
        assert len(await host.query("app.texts")) == 10


@on_loop
async def test_a_commit_that_fails_fails_its_mutations_and_no_others(tmp_path: Path) -> None:
    async with running(BACKEND, f"sqlite:///{tmp_path}/app.db") as host:
        await host.mutate("app.write", text="kept")
        store = host.runtime._workshop.store
        store._execute("PRAGMA max_page_count = 15")
        with pytest.raises(FailedCall) as caught:
            for _ in range(100):
                await host.mutate("app.write", text="x" * 2000)
        assert caught.value.failure.kind is FailureKind.UNAVAILABLE
        store._execute("PRAGMA max_page_count = 1000000")
        before = await host.query("app.texts")
        await host.mutate("app.write", text="again")
        assert set(await host.query("app.texts")) == {*before, "again"}


def test_databases_that_cannot_be_served_are_named() -> None:
    parts = {"contract": BACKEND.contract, "functions": BACKEND.functions, "tables": BACKEND.tables}
    for url in ("postgresql://localhost/crm", "crm.db", "sqlite:crm.db"):
        with pytest.raises(StoreError, match="is no database this version can serve"):
            Runtime.open(**parts, database=url)  # type: ignore[arg-type]
