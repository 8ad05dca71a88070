"""Random writes, watched by random queries: every result is what asking anew gives, and little is run in vain."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import Any, Literal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemagen import Id, MutationCtx, QueryCtx, Table, col, desc, index, mutation, query
from schemagen.engine.memory import Memory
from tests.engine.backend import backend_of
from tests.engine.host import Host, Watcher, running

Way = Literal["all", "take", "first", "count", "walk", "exists", "scan"]
WAYS: list[Way] = ["all", "take", "first", "count", "walk", "exists", "scan"]


class Item(Table, name="items"):
    tenant: int
    name: str
    rank: int | None = None

    by_tenant_name = index("tenant", "name")
    by_tenant_rank = index("tenant", "rank")
    by_rank_name = index("rank", "name")


@mutation
async def change(ctx: MutationCtx, *, seed: int) -> None:
    """A few random writes, some of them undone."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 3)):
        items = await ctx.db.query(Item).all()
        item = chance.choice(items) if items else None
        match chance.randrange(5):
            case 0 if item is not None:
                await ctx.db.delete(item.id)
            case 1 if item is not None:
                await ctx.db.patch(item.id, name=some_name(chance))
            case 2 if item is not None:
                item.rank = some_rank(chance)
                item.tenant = chance.randrange(3)
                await ctx.db.save(item)
            case 3 if chance.random() < 0.3:
                with contextlib.suppress(ZeroDivisionError):
                    await ctx.run_mutation(fail, seed=seed)
            case _:
                await ctx.db.insert(Item(tenant=chance.randrange(3), name=some_name(chance), rank=some_rank(chance)))


@mutation(internal=True)
async def fail(ctx: MutationCtx, *, seed: int) -> None:
    await ctx.db.insert(Item(tenant=seed % 3, name="never there"))
    raise ZeroDivisionError


def some_name(chance: random.Random) -> str:
    return chance.choice("abcdefgh") * chance.randint(1, 2)


def some_rank(chance: random.Random) -> int | None:
    return None if chance.random() < 0.2 else chance.randrange(6)


@query
async def look(
    ctx: QueryCtx,
    *,
    way: Way,
    tenant: int,
    low: int | None,
    below: int | None,
    high: str | None,
    backwards: bool,
    count: int,
) -> list[str] | int:
    items = ctx.db.query(Item).where(Item.tenant == tenant)
    if way == "scan":
        found = await items.where(Item.name != "aa").order_by(Item.rank).scan().take(count)
        return [f"{item.rank}{item.name}" for item in found]
    if low is not None or below is not None:
        if low is not None:
            items = items.where(col(Item.rank) >= low)
        if below is not None:
            items = items.where(col(Item.rank) < below)
        items = items.order_by(desc(Item.rank) if backwards else Item.rank)
    elif high is not None:
        items = items.where(Item.name < high).order_by(desc(Item.name) if backwards else Item.name)
    else:
        items = items.order_by(desc(Item.name) if backwards else Item.name)
    match way:
        case "count":
            return await items.count()
        case "exists":
            return int(await items.exists())
        case "take":
            found = await items.take(count)
        case "first":
            first = await items.first()
            found = [] if first is None else [first]
        case "walk":
            found = []
            async for item in items:
                found.append(item)
                if item.name == "a" * count:
                    break
        case _:
            found = await items.all()
    return [f"{item.name}{item.rank}" for item in found]


@query
async def one(ctx: QueryCtx, *, id: Id[Item]) -> str | None:
    """Follows one item to all of its rank."""
    item = await ctx.db.get(id)
    if item is None:
        return None
    same = await ctx.db.query(Item).where(Item.rank == item.rank).order_by(Item.name).take(3)
    return item.name + ":" + ",".join(other.name for other in same)


@query
async def ids(ctx: QueryCtx) -> list[Id[Item]]:
    return [item.id for item in await ctx.db.query(Item).all()]


@query
async def everything(ctx: QueryCtx) -> list[Item]:
    return await ctx.db.query(Item).all()


BACKEND = backend_of(change, fail, look, one, ids, everything, tables=[Item])
Asked = tuple[str, dict[str, Any]]


def some_query(chance: random.Random, known: list[str]) -> Asked:
    if known and chance.random() < 0.3:
        return "app.one", {"id": chance.choice(known)}
    kind = chance.randrange(4)
    return "app.look", {
        "way": chance.choice(WAYS),
        "tenant": chance.randrange(3),
        "low": chance.randrange(6) if kind == 0 and chance.random() < 0.7 else None,
        "below": chance.randrange(6) if kind == 0 and chance.random() < 0.7 else None,
        "high": chance.choice("abcdefgh") if kind == 1 else None,
        "backwards": chance.random() < 0.4,
        "count": chance.randint(1, 3),
    }


async def simulate(seed: int, steps: int) -> tuple[int, int]:
    """One life of a backend; how many re-runs there were, and how many of them in vain."""
    chance = random.Random(seed)
    memory = Memory(result_bytes=(1, 300, 1_000_000)[seed % 3])
    async with running(BACKEND, memory=memory) as host:
        watchers = [host.watcher() for _ in range(3)]
        asked: list[dict[int, Asked]] = [{} for _ in watchers]
        for step in range(steps):
            known = await host.query("app.ids")
            writes = [host.mutate("app.change", seed=chance.randrange(2**31)) for _ in range(chance.randint(1, 3))]
            at = chance.randrange(len(watchers))
            more = {step * 10 + n: some_query(chance, known) for n in range(chance.randint(0, 3))}
            gone = tuple(chance.sample(sorted(asked[at]), min(len(asked[at]), chance.randint(0, 2))))
            await asyncio.gather(*writes, watchers[at].update(more, gone))
            asked[at] = {key: value for key, value in (asked[at] | more).items() if key not in gone}
            for watcher, queries in zip(watchers, asked, strict=True):
                await check_equal(host, watcher, queries, seed)
        return host.stats.reruns, host.stats.wasted_reruns


def expected(stored: list[dict[str, Any]], args: dict[str, Any]) -> list[str] | int:
    """What `look` has to give, by plain Python over all documents in order of creation."""
    items = [item for item in stored if item["tenant"] == args["tenant"]]
    if args["way"] == "scan":
        items = sorted((item for item in items if item["name"] != "aa"), key=_rank)
        return [f"{item['rank']}{item['name']}" for item in items[: args["count"]]]
    if args["low"] is not None or args["below"] is not None:
        low, below = args["low"] or 0, 99 if args["below"] is None else args["below"]
        items = sorted((item for item in items if item["rank"] is not None and low <= item["rank"] < below), key=_rank)
    elif args["high"] is not None or args["backwards"]:
        items = sorted((item for item in items if item["name"] < (args["high"] or "z")), key=lambda item: item["name"])
    else:
        items = sorted(items, key=lambda item: item["name"])
    if args["backwards"]:
        items.reverse()
    match args["way"]:
        case "count":
            return len(items)
        case "exists":
            return int(bool(items))
        case "take":
            items = items[: args["count"]]
        case "first":
            items = items[:1]
        case "walk":
            end = next((at for at, item in enumerate(items) if item["name"] == "a" * args["count"]), len(items))
            items = items[: end + 1]
        case _:
            pass
    return [f"{item['name']}{item['rank']}" for item in items]


def _rank(item: dict[str, Any]) -> int:
    return -1 if item["rank"] is None else int(item["rank"])


async def check_equal(host: Host, watcher: Watcher, queries: dict[int, Asked], seed: int) -> None:
    stored = await host.query("app.everything")
    for query_id, (path, args) in queries.items():
        fresh = await host.query(path, **args)
        assert watcher.results[query_id] == fresh, f"seed {seed}: {path} {args}"
        if path == "app.look":
            assert fresh == expected(stored, args), f"seed {seed}: {args}"


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**31))
def test_every_watched_query_equals_asking_anew(seed: int) -> None:
    asyncio.run(simulate(seed, steps=25))


def test_few_queries_run_in_vain() -> None:
    runs = [asyncio.run(simulate(seed, steps=25)) for seed in range(5)]
    reruns, wasted = (sum(column) for column in zip(*runs, strict=True))
    assert wasted < 0.25 * reruns, f"{wasted} of {reruns}"
