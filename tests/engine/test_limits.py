"""A call that reads, writes or computes too much is stopped; what others do in the same commit stands."""

from __future__ import annotations

import asyncio
import gc
import math
import re
import threading
from collections.abc import Iterator

import pytest

from schemagen import Id, MutationCtx, QueryCtx, Table, index, mutation, query
from schemagen.engine.answer import FailureKind
from schemagen.engine.limits import Limits
from schemagen.engine.watchdog import Watchdog
from schemagen.model.contract import FunctionKind
from tests.engine.backend import backend_of
from tests.engine.host import Host, on_loop, running


@pytest.fixture(autouse=True)
def no_garbage_collection() -> Iterator[None]:
    """Of a process full of other tests: it would count as CPU time of the handler that it happens to interrupt."""
    gc.disable()
    yield
    gc.enable()


SMALL = Limits(rows_read=10, bytes_read=1000, ranges_read=8, rows_written=5, bytes_written=600, cpu_seconds=0.05)


class Note(Table, name="notes"):
    text: str
    number: int = 0

    by_number = index("number")


@mutation
async def add(ctx: MutationCtx, *, count: int = 1, text: str = "", times: int = 1) -> int:
    for number in range(count):
        for _ in range(times):
            await ctx.db.insert(Note(text=text, number=number))
    return count


@mutation
async def touch(ctx: MutationCtx, *, number: int, times: int) -> None:
    note = await ctx.db.query(Note).where(Note.number == number).first()
    assert note is not None
    for time in range(times):
        await ctx.db.patch(note.id, text=str(time))


@query
async def all_(ctx: QueryCtx, *, take: int = 1000) -> int:
    return len(await ctx.db.query(Note).order_by(Note.number).take(take))


@query
async def walk(ctx: QueryCtx) -> int:
    seen = 0
    async for _ in ctx.db.query(Note).order_by(Note.number):
        seen += 1
    return seen


@query
async def each(ctx: QueryCtx, *, times: int) -> int:
    for number in range(times):
        await ctx.db.query(Note).where(Note.number == number).first()
    return times


@query
async def joined(ctx: QueryCtx, *, times: int) -> int:
    return len(await ctx.db.get_many([Id[Note](f"notes_{number:026}") for number in range(times)]))


@mutation
async def stubborn(ctx: MutationCtx) -> str:
    """Goes on after it was told to stop."""
    await ctx.db.insert(Note(text="half"))
    try:
        for _ in range(100):
            await ctx.db.insert(Note(text="half"))
    except Exception:
        pass
    return "done"


@mutation
async def spin(ctx: MutationCtx) -> None:
    await ctx.db.insert(Note(text="half", number=77))
    while True:
        pass


@mutation
async def spin_inside(ctx: MutationCtx) -> None:
    await ctx.db.insert(Note(text="half", number=77))
    await ctx.run_mutation(spin)


@mutation
async def spin_caught(ctx: MutationCtx) -> str:
    await ctx.db.insert(Note(text="half", number=77))
    try:
        while True:
            pass
    except BaseException:
        return "caught"


@mutation
async def spin_inserting(ctx: MutationCtx) -> None:
    while True:
        await ctx.run_mutation(add, text="half")


@mutation
async def spin_gathering(ctx: MutationCtx) -> None:
    await asyncio.gather(*[ctx.run_mutation(spin) for _ in range(3)])


@query
async def spin_query(ctx: QueryCtx) -> None:
    while True:
        await ctx.db.query(Note).where(Note.number == 1).count()


@query
async def count_much(ctx: QueryCtx) -> int:
    return sum([await ctx.db.query(Note).count() for _ in range(100_000)])


BACKEND = backend_of(
    add,
    touch,
    all_,
    walk,
    each,
    joined,
    stubborn,
    spin,
    spin_inside,
    spin_caught,
    spin_inserting,
    spin_gathering,
    spin_query,
    count_much,
    tables=[Note],
)


async def refused(host: Host, caplog: pytest.LogCaptureFixture, kind: str, path: str, **args: object) -> str:
    """The message in the log of a call that its limits stopped."""
    caplog.clear()
    failure = await host.failure(kind, path, args)
    assert failure.kind is FailureKind.INTERNAL
    error = next(record.exc_info for record in caplog.records if record.exc_info)[1]
    message = str(error)
    assert re.search(r"stopped and its writes undone\n  why: .*\n  fix: ", message), message
    return message.splitlines()[0]


@on_loop
async def test_too_many_documents_read_are_refused(caplog: pytest.LogCaptureFixture) -> None:
    async with running(BACKEND, limits=SMALL) as host:
        for _ in range(3):
            await host.mutate("app.add", count=4)
        assert await host.query("app.all", take=10) == 10
        assert "reads more than 10 documents" in await refused(host, caplog, "query", "app.all", take=11)
        assert "reads more than 10 documents" in await refused(host, caplog, "query", "app.walk")


@on_loop
async def test_too_many_bytes_read_are_refused_before_all_of_them_are_there(caplog: pytest.LogCaptureFixture) -> None:
    async with running(BACKEND, limits=SMALL) as host:
        for _ in range(4):
            await host.mutate("app.add", text="x" * 300)
        assert await host.query("app.all", take=3) == 3
        assert "reads documents of more than 1,000 bytes" in await refused(host, caplog, "query", "app.all")


@on_loop
async def test_too_many_gets_and_selects_are_refused(caplog: pytest.LogCaptureFixture) -> None:
    async with running(BACKEND, limits=SMALL) as host:
        assert await host.query("app.each", times=8) == 8
        assert await host.query("app.joined", times=10) == 10
        assert "more than 8 gets and selects" in await refused(host, caplog, "query", "app.each", times=9)
        assert "reads more than 10 documents" in await refused(host, caplog, "query", "app.joined", times=11)


@on_loop
async def test_too_much_written_is_refused_and_undone(caplog: pytest.LogCaptureFixture) -> None:
    async with running(BACKEND, limits=SMALL) as host:
        await host.mutate("app.add", count=5)
        assert "writes more than 5 documents" in await refused(host, caplog, "mutation", "app.add", count=6)
        assert "writes more than 5 documents" in await refused(host, caplog, "mutation", "app.touch", number=1, times=6)
        assert "writes documents of more than 600 bytes" in await refused(
            host, caplog, "mutation", "app.add", count=3, text="x" * 201
        )
        assert await host.query("app.all", take=10) == 5


@on_loop
async def test_a_handler_that_catches_the_refusal_is_undone_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    async with running(BACKEND, limits=SMALL) as host:
        assert "writes more than 5 documents" in await refused(host, caplog, "mutation", "app.stubborn")
        assert await host.query("app.all", take=10) == 0


RUNAWAYS = ["spin", "spin_inside", "spin_caught", "spin_inserting", "spin_gathering"]
FAST = Limits(cpu_seconds=0.03, rows_written=math.inf, bytes_written=math.inf, ranges_read=math.inf)


@pytest.mark.parametrize("name", RUNAWAYS)
@on_loop
async def test_a_runaway_mutation_is_stopped_and_the_others_of_its_commit_stand(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(BACKEND, limits=FAST) as host:
        calls = [("app.add", {"count": 1}), (f"app.{_camel(name)}", {}), ("app.add", {"count": 2})]
        first, stopped, last = await asyncio.gather(
            *[host.call(FunctionKind.MUTATION, path, args, request=f"r:{path}{args}") for path, args in calls]
        )
        assert (first.value, last.value) == (b"1", b"2")
        assert stopped.failure is not None and stopped.failure.kind is FailureKind.INTERNAL
        assert "used more than 0.03 s of CPU time" in caplog.text
        assert await host.query("app.all") == 3
        assert await host.mutate("app.add") == 1


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(map(str.capitalize, rest))


@on_loop
async def test_a_runaway_query_is_stopped_where_it_reads(caplog: pytest.LogCaptureFixture) -> None:
    async with running(BACKEND, limits=FAST) as host:
        await host.mutate("app.add", count=50)
        for path in ("app.spinQuery", "app.countMuch"):
            assert "CPU time" in await refused(host, caplog, "query", path)
        assert await host.query("app.all") == 50


@on_loop
async def test_a_runaway_live_query_gets_an_error_and_the_others_live_on() -> None:
    async with running(BACKEND, limits=FAST) as host:
        watcher = host.watcher()
        assert await watcher.watch("app.all") == 0
        failed = await watcher.watch("app.spinQuery")
        assert failed.kind is FailureKind.INTERNAL
        await host.mutate("app.add")
        assert watcher.results[0] == 1


@on_loop
async def test_stopping_many_runaways_leaves_nothing_behind() -> None:
    async with running(BACKEND, limits=Limits(cpu_seconds=0.005)) as host:
        for round_ in range(20):
            await host.failure("mutation", "app.spin", {})
            await host.mutate("app.add")
            assert await host.query("app.all") == round_ + 1


def test_a_runaway_that_swallows_all_is_stopped_in_the_end() -> None:
    dog = Watchdog(0.005)
    dog.start()

    def swallow() -> None:
        while True:
            try:
                sum(range(100))
            except BaseException:
                sum(range(10_000))

    with pytest.raises(Exception, match="CPU time"):
        dog.guard(swallow)
    dog.close()


def test_what_a_handler_waits_for_does_not_count() -> None:
    dog = Watchdog(0.02)
    dog.start()
    assert dog.guard(lambda: _wait(0.2))
    dog.close()


def _wait(seconds: float) -> bool:
    return threading.Event().wait(seconds) or True


@pytest.mark.parametrize("value", [0, -1, math.nan])
def test_a_limit_is_above_zero(value: float) -> None:
    with pytest.raises(ValueError, match="rows_read has to be above 0"):
        Limits(rows_read=value)
