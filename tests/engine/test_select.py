"""What selects give, and what they cost: `exists`, `count`, descending orders and ranges, through `ctx.db`."""

from __future__ import annotations

from typing import Any

from schemagen import Id, MutationCtx, QueryCtx, Table, col, desc, index, mutation, query
from schemagen.engine.runtime import Runtime
from tests.engine.backend import backend_of
from tests.engine.host import Host, Watcher, on_loop, running


class Item(Table, name="items"):
    tenant: int
    rank: int | None = None
    name: str = ""

    by_tenant_rank = index("tenant", "rank", "name")


@mutation
async def add(ctx: MutationCtx, *, tenant: int = 1, rank: int | None = None, name: str = "") -> Id[Item]:
    return await ctx.db.insert(Item(tenant=tenant, rank=rank, name=name))


@mutation
async def remove(ctx: MutationCtx, *, id: Id[Item]) -> list[bool | int]:
    """What the same mutation sees before and after."""
    items = ctx.db.query(Item).where(Item.tenant == 1)
    before: list[bool | int] = [await items.exists(), await items.count()]
    await ctx.db.delete(id)
    return [*before, await items.exists(), await items.count()]


@query
async def exists(ctx: QueryCtx, *, tenant: int, above: int, backwards: bool = False) -> bool:
    items = ctx.db.query(Item).where(Item.tenant == tenant, col(Item.rank) > above)
    return await (items.order_by(desc(Item.rank)) if backwards else items).exists()


@query
async def count(ctx: QueryCtx, *, tenant: int, above: int) -> int:
    return await ctx.db.query(Item).where(Item.tenant == tenant, col(Item.rank) > above).count()


@query
async def by_id(ctx: QueryCtx, *, id: Id[Item]) -> list[str | bool | int]:
    items = ctx.db.query(Item).where(Item.id == id)
    first = await items.order_by(desc(Item.id)).first()
    return [first.name if first else "", await items.exists(), await items.count(), len(await items.all())]


@query
async def ranked(
    ctx: QueryCtx, *, low: int | None, high: int | None, backwards: bool, inclusive: bool, take: int
) -> list[list[int | str | None]]:
    items = ctx.db.query(Item).where(Item.tenant == 1)
    if low is not None:
        items = items.where(col(Item.rank) >= low if inclusive else col(Item.rank) > low)
    if high is not None:
        items = items.where(col(Item.rank) <= high if inclusive else col(Item.rank) < high)
    order = [desc(Item.rank), desc(Item.name)] if backwards else [Item.rank, Item.name]
    return [[item.rank, item.name] for item in await items.order_by(*order).take(take)]


BACKEND = backend_of(add, remove, exists, count, by_id, ranked, tables=[Item])


async def check_reruns(host: Host, watcher: Watcher, rank: int, expect: int, tenant: int = 1) -> str:
    """Add an item; the watched query runs again as often as expected."""
    before = host.stats.reruns
    id: str = await host.mutate("app.add", tenant=tenant, rank=rank)
    assert host.stats.reruns - before == expect
    return id


@on_loop
async def test_exists_and_count_see_what_a_mutation_wrote() -> None:
    async with running(BACKEND) as host:
        id = await host.mutate("app.add", rank=1)
        assert await host.mutate("app.remove", id=id) == [True, 1, False, 0]


@on_loop
async def test_exists_watches_up_to_the_first_document_it_finds() -> None:
    async with running(BACKEND) as host:
        found = await host.mutate("app.add", rank=10)
        watcher = host.watcher()
        assert await watcher.watch("app.exists", tenant=1, above=5) is True
        await check_reruns(host, watcher, 11, 0)  # behind the one that was found
        await check_reruns(host, watcher, 5, 0)  # not in the range
        await check_reruns(host, watcher, 7, 0, tenant=2)
        first = await check_reruns(host, watcher, 8, 1)  # before it: now this is the one
        await host.mutate("app.remove", id=found)
        assert host.stats.reruns == 1
        await host.mutate("app.remove", id=first)
        assert host.stats.reruns == 2 and watcher.results[0] is True  # rank 11 is still there


@on_loop
async def test_exists_backwards_watches_from_the_other_end() -> None:
    async with running(BACKEND) as host:
        await host.mutate("app.add", rank=10)
        watcher = host.watcher()
        assert await watcher.watch("app.exists", tenant=1, above=5, backwards=True) is True
        await check_reruns(host, watcher, 8, 0)
        await check_reruns(host, watcher, 12, 1)


@on_loop
async def test_exists_that_finds_nothing_watches_the_whole_range() -> None:
    async with running(BACKEND) as host:
        watcher = host.watcher()
        assert await watcher.watch("app.exists", tenant=1, above=5) is False
        await check_reruns(host, watcher, 5, 0)
        id = await check_reruns(host, watcher, 2_000, 1)
        assert watcher.results[0] is True
        await host.mutate("app.remove", id=id)
        assert watcher.results[0] is False


@on_loop
async def test_count_is_exact_and_watches_all_it_counted() -> None:
    async with running(BACKEND) as host:
        for rank in (4, 6, 6, 7):
            await host.mutate("app.add", rank=rank)
        await host.mutate("app.add")  # None is in no range
        watcher = host.watcher()
        assert await watcher.watch("app.count", tenant=1, above=5) == 3
        await check_reruns(host, watcher, 9, 1)
        assert watcher.results[0] == 4
        await check_reruns(host, watcher, 5, 0)


@on_loop
async def test_a_select_by_id_gives_the_one_document() -> None:
    async with running(BACKEND) as host:
        id = await host.mutate("app.add", name="a")
        await host.mutate("app.add", name="b")
        assert await host.query("app.byId", id=id) == ["a", True, 1, 1]
        await host.mutate("app.remove", id=id)
        assert await host.query("app.byId", id=id) == ["", False, 0, 0]


@on_loop
async def test_exists_and_count_read_the_index_alone() -> None:
    """Not the documents, which may be large."""
    async with running(BACKEND) as host:
        plans = statements(host.runtime)
        await host.query("app.exists", tenant=1, above=5)
        await host.query("app.count", tenant=1, above=5)
        assert len(plans()) == 2
        for plan in plans():
            assert "USING COVERING INDEX items.by_tenant_rank (tenant=? AND rank>?)" in plan, plan


def statements(runtime: Runtime) -> Any:
    """How SQLite goes about what it is asked from now on."""
    connection = runtime._workshop.store._connection
    asked: list[str] = []
    connection.set_trace_callback(asked.append)

    def plans() -> list[str]:
        connection.set_trace_callback(None)
        found = [connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall() for sql in asked]
        return ["; ".join(row[3] for row in rows) for rows in found]

    return plans


@on_loop
async def test_a_range_read_backwards_is_the_range_turned_round() -> None:
    rows: list[tuple[int | None, str]] = [(rank, name) for rank in (None, 1, 2, 2, 3, 5) for name in "ab"]
    async with running(BACKEND) as host:
        for rank, name in rows:
            await host.mutate("app.add", rank=rank, name=name)
        for low in (None, 1, 2, 4):
            for high in (None, 2, 3, 9):
                for inclusive in (True, False):
                    await check_both_ways(host, rows, low, high, inclusive)


async def check_both_ways(
    host: Host, rows: list[tuple[int | None, str]], low: int | None, high: int | None, inclusive: bool
) -> None:
    def inside(rank: int | None) -> bool:
        if low is None and high is None:
            return True  # without a range, None is the first
        if rank is None:
            return False
        above = low is None or rank > low or (inclusive and rank == low)
        below = high is None or rank < high or (inclusive and rank == high)
        return above and below

    expected = sorted(([rank, name] for rank, name in rows if inside(rank)), key=lambda row: (row[0] or 0, row[1]))
    bounds = {"low": low, "high": high, "inclusive": inclusive}
    assert await host.query("app.ranked", **bounds, backwards=False, take=99) == expected
    assert await host.query("app.ranked", **bounds, backwards=True, take=99) == expected[::-1]
    assert await host.query("app.ranked", **bounds, backwards=True, take=2) == expected[::-1][:2]
