"""What is kept because it may be needed again has a ceiling, and nobody notices what was let go."""

from __future__ import annotations

import gc
import itertools
import tracemalloc
from datetime import timedelta

from schemagen import (
    FIRST,
    ActionCtx,
    AppError,
    Id,
    MutationCtx,
    Page,
    PageRequest,
    QueryCtx,
    Table,
    action,
    index,
    mutation,
    query,
)
from schemagen.engine.answer import FailureKind
from schemagen.engine.live import LiveQuery
from schemagen.engine.memory import CONDITIONS_KEPT_MAX, PINS_MAX, PLANS_MAX, Memory
from schemagen.engine.tally import OK
from tests.engine.backend import backend_of
from tests.engine.host import Host, on_loop, running, user

FIELDS = ("one", "two", "three", "four", "five")
RESULT = 10_000
"""Characters of a large result."""


class Thing(Table, name="things"):
    one: int = 0
    two: int = 0
    three: int = 0
    four: int = 0
    five: int = 0

    by_one = index("one")


class Refused(AppError):
    """No."""


@mutation
async def put(ctx: MutationCtx, *, one: int, two: int = 0) -> Id[Thing]:
    return await ctx.db.insert(Thing(one=one, two=two))


@mutation
async def put_two(ctx: MutationCtx, *, one: int) -> None:
    for _ in range(2):
        await ctx.db.insert(Thing(one=one))


@mutation
async def refuse(ctx: MutationCtx) -> None:
    raise Refused


@mutation
async def fail(ctx: MutationCtx) -> None:
    raise RuntimeError("a mistake")


@query
async def shaped(ctx: QueryCtx, *, fields: list[str], order: list[str]) -> int:
    """A select of a shape that the caller decides."""
    select = ctx.db.query(Thing).scan()
    for field in fields:
        select = select.where(getattr(Thing, field) != 1)
    return len(await select.order_by(*(getattr(Thing, field) for field in order)).all())


@query
async def large(ctx: QueryCtx, *, one: int) -> str:
    """The number of things, and much beside it."""
    things = await ctx.db.query(Thing).where(Thing.one == one).all()
    return str(len(things)).ljust(RESULT, ".")


@query
async def parity(ctx: QueryCtx, *, one: int) -> str:
    return str(await ctx.db.query(Thing).where(Thing.one == one).count() % 2).ljust(RESULT, ".")


@query
async def drawn(ctx: QueryCtx) -> str:
    return f"{ctx.random.random()}".ljust(RESULT, ".")


@query
async def mine(ctx: QueryCtx, *, one: int) -> str:
    identity = await ctx.auth.identity()
    return f"{identity and identity.subject}{await ctx.db.query(Thing).where(Thing.one == one).count()}".ljust(RESULT)


@query
async def minute(ctx: QueryCtx, *, one: int) -> int:
    return ctx.tick(timedelta(minutes=1)).minute + one


@query
async def recent(ctx: QueryCtx, *, page: PageRequest = FIRST) -> Page[Thing]:
    """A page of a span that moves with time."""
    since = ctx.tick(timedelta(minutes=1)) - timedelta(days=1)
    return await ctx.db.query(Thing).where(Thing.creation_time > since).order_by(Thing.creation_time).paginate(page)


@action
async def try_all(ctx: ActionCtx) -> int:
    """Runs what fails; how many failed."""
    failed = 0
    for each in (refuse, fail):
        try:
            await ctx.run_mutation(each)
        except Exception:
            failed += 1
    return failed


THINGS = backend_of(
    *(put, put_two, refuse, fail, shaped, large, parity, drawn, mine, minute, recent, try_all),
    tables=[Thing],
    errors=[Refused],
)


@on_loop
async def test_plans_and_statements_of_ever_new_shapes_are_forgotten_again() -> None:
    async with running(THINGS) as host:
        await host.mutate("app.put", one=1)
        shapes = (
            [*head, *tail] for n in range(1, 5) for head in itertools.permutations(FIELDS, n) for tail in ([], ["one"])
        )
        orders = itertools.cycle(list(itertools.permutations(FIELDS, 3)))
        for fields, order in itertools.islice(
            zip(itertools.cycle(list(shapes)), orders, strict=False), PLANS_MAX + 300
        ):
            assert await host.query("app.shaped", fields=fields, order=list(order)) in (0, 1)
        assert host.runtime.caches["plans"] == PLANS_MAX
        assert host.runtime.caches["statements"] < 100  # scans of all these shapes are one statement


@on_loop
async def test_a_select_of_many_conditions_is_not_kept() -> None:
    async with running(THINGS) as host:
        kept = await plans_after(host, CONDITIONS_KEPT_MAX)
        assert await plans_after(host, CONDITIONS_KEPT_MAX + 1) == kept


async def plans_after(host: Host, conditions: int) -> int:
    await host.query("app.shaped", fields=["two"] * conditions, order=["one"])
    return host.runtime.caches["plans"]


@on_loop
async def test_results_beyond_the_ceiling_are_let_go_and_still_compared() -> None:
    ceiling = 5 * RESULT
    async with running(THINGS, memory=Memory(result_bytes=ceiling)) as host:
        watcher = host.watcher()
        for one in range(20):
            await watcher.watch("app.parity", one=one)
            assert host.stats.result_bytes <= ceiling
        assert host.stats.live_queries == 20
        heard = len(watcher.deltas)
        await host.mutate("app.put", one=0)
        assert watcher.results[0].startswith("1")  # a result that was let go differs now: it is told
        assert len(watcher.deltas) == heard + 1
        await host.mutate("app.putTwo", one=1)  # in one commit
        assert len(watcher.deltas) == heard + 1  # one that was let go is the same again: it is not told
        assert (host.stats.wasted_reruns, host.stats.result_bytes <= ceiling) == (1, True)


@on_loop
async def test_a_newcomer_to_a_result_that_was_let_go_gets_it_and_shares_it() -> None:
    async with running(THINGS, memory=Memory(result_bytes=1)) as host:
        ann, bob = host.watcher(), host.watcher()
        await ann.watch("app.large", one=1)
        await ann.watch("app.large", one=2)  # now the first is let go
        before = host.stats
        assert await bob.watch("app.large", one=1) == "0".ljust(RESULT, ".")
        after = host.stats
        assert (after.executions - before.executions, after.recalls) == (1, 1)
        assert (after.live_queries, after.subscriptions) == (2, 3)
        await host.watcher().watch("app.large", one=1)
        assert host.stats.executions == after.executions  # it was kept again
        await host.mutate("app.put", one=1)
        assert ann.results[0] == bob.results[0] == "1".ljust(RESULT, ".")
        assert host.stats.reruns == 1


@on_loop
async def test_a_newcomer_to_a_result_that_nobody_can_make_again_gets_its_own() -> None:
    async with running(THINGS, memory=Memory(result_bytes=1)) as host:
        ann, bob = host.watcher(), host.watcher()
        drawn = await ann.watch("app.drawn")
        await ann.watch("app.large", one=2)
        assert await bob.watch("app.drawn") != drawn
        assert ann.results[0] == drawn
        assert host.stats.live_queries == 3


@on_loop
async def test_results_of_callers_are_theirs_though_they_were_let_go() -> None:
    async with running(THINGS, memory=Memory(result_bytes=1)) as host:
        watchers = [await host.watcher_as(user(name)) for name in ("ann", "bob", "ann")]
        for one in (1, 2):
            for watcher in watchers:
                await watcher.watch("app.mine", one=one)
        await host.mutate("app.put", one=1)
        assert [watcher.results[0].strip() for watcher in watchers] == ["ann1", "bob1", "ann1"]
        await watchers[0].become(user("bob"))
        assert [watchers[0].results[n].strip() for n in (0, 1)] == ["bob1", "bob0"]


@on_loop
async def test_kept_results_take_the_memory_that_is_counted() -> None:
    async with running(THINGS) as host:
        watcher = host.watcher()
        await watcher.watch("app.large", one=-1)
        tracemalloc.start()
        try:
            for one in range(100):
                await watcher.watch("app.large", one=one)
            kept = host.stats.result_bytes
            assert kept > 100 * RESULT
            assert tracemalloc.get_traced_memory()[0] < 3 * kept  # the watcher holds each once more, as text
        finally:
            tracemalloc.stop()


@on_loop
async def test_without_watchers_nothing_is_kept() -> None:
    async with running(THINGS) as host:
        watcher = host.watcher()
        for one in range(10):
            await watcher.watch("app.large", one=one)
        await watcher.update({}, remove=tuple(range(10)))
        assert (host.stats.result_bytes, host.stats.live_queries, live_queries("app.large")) == (0, 0, [])


@on_loop
async def test_moments_that_nobody_awaits_any_more_do_not_pile_up() -> None:
    async with running(THINGS) as host:
        keeper, passer = host.watcher(), host.watcher()
        await keeper.watch("app.minute", one=-1)
        for one in range(300):
            await passer.update({1: ("app.minute", {"one": one})})
            await passer.update({}, remove=(1,))
        assert len(live_queries("app.minute")) < 100
        host.clock.turn(timedelta(minutes=1))
        await host.mutate("app.put", one=1)
        assert keeper.results[0] == 0  # 12:01


@on_loop
async def test_ends_of_pages_whose_span_moved_on_are_forgotten() -> None:
    async with running(THINGS) as host:
        for one in range(3):
            await host.mutate("app.put", one=one)
        watcher = host.watcher()
        await watcher.watch("app.recent", page={"size": 2})
        for _ in range(2 * PINS_MAX):
            host.clock.turn(timedelta(minutes=1))
            await host.mutate("app.put", one=9)
        assert [item["one"] for item in watcher.results[0]["items"]] == [0, 1]
        assert host.stats.reruns >= 2 * PINS_MAX
        [live] = live_queries("app.recent")
        assert live.pins.ends is not None and len(live.pins.ends) == PINS_MAX


@on_loop
async def test_what_an_action_calls_is_counted_by_how_it_ended() -> None:
    async with running(THINGS) as host:
        assert await host.act("app.tryAll") == 2
        tallies = host.runtime.tallies
        assert tallies["app.refuse"].outcomes[FailureKind.APP] == tallies["app.refuse"].runs == 1
        assert tallies["app.fail"].outcomes[FailureKind.INTERNAL] == tallies["app.fail"].runs == 1
        assert tallies["app.tryAll"].outcomes[OK] == tallies["app.tryAll"].runs == 1
        assert host.stats.executions == 3


def live_queries(path: str) -> list[LiveQuery]:
    """Those in memory, watched or not."""
    gc.collect()
    return [each for each in gc.get_objects() if isinstance(each, LiveQuery) and each.path == path]
