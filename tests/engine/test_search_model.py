"""Random documents, writes and searches: what is found, and watched, is what looking at every document gives."""

from __future__ import annotations

import asyncio
import contextlib
import random
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemagen import MutationCtx, QueryCtx, Table, mutation, query, search_index
from schemagen.store.tokens import terms_of, words_of
from tests.engine.backend import backend_of
from tests.engine.host import Host, running


class Entry(Table, name="entries"):
    tenant: int
    kind: str | None = None
    text: str | None = None
    labels: list[str] = []
    rank: int = 0

    search_text = search_index("text", filters=["kind", "tenant"])
    search_labels = search_index("labels")


WORDS = ["a", "ab", "abc", "b", "Bá", "ba", "c", "ca\u0301", "東", "東京", "京都", "x" * 40, "…"]
KINDS = [None, "", "x", "x\x1f", "\x1e1"]
"""Some of them look like several filters written as one."""


def some_text(chance: random.Random) -> str | None:
    if chance.random() < 0.1:
        return None
    return " ".join(chance.choice(WORDS) for _ in range(chance.choice((0, 1, 2, 2, 3, 20))))


@mutation
async def change(ctx: MutationCtx, *, seed: int) -> None:
    """A few random writes, some of them undone."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 4)):
        entries = await ctx.db.query(Entry).all()
        entry = chance.choice(entries) if entries else None
        match chance.randrange(8):
            case 0 if entry is not None:
                await ctx.db.delete(entry.id)
            case 1 if entry is not None:
                await ctx.db.patch(entry.id, text=some_text(chance))
            case 5 if entry is not None and entry.text:
                words = entry.text.split()
                words[chance.randrange(len(words))] = chance.choice(WORDS)
                await ctx.db.patch(entry.id, text=" ".join(words))
            case 2 if entry is not None:
                await ctx.db.patch(entry.id, kind=chance.choice(KINDS), rank=chance.randrange(9))
            case 3 if entry is not None:
                entry.tenant, entry.rank = chance.randrange(2), chance.randrange(9)
                entry.labels = [some_text(chance) or "" for _ in range(chance.randrange(3))]
                await ctx.db.save(entry)
            case 4 if chance.random() < 0.5:
                with contextlib.suppress(ZeroDivisionError):
                    await ctx.run_mutation(fail, seed=seed)
            case _:
                labels = [some_text(chance) or ""]
                kind = chance.choice(KINDS)
                await ctx.db.insert(Entry(tenant=chance.randrange(2), kind=kind, text=some_text(chance), labels=labels))


@mutation(internal=True)
async def fail(ctx: MutationCtx, *, seed: int) -> None:
    await change(ctx, seed=seed + 1)
    raise ZeroDivisionError


@query
async def everything(ctx: QueryCtx) -> list[Entry]:
    return await ctx.db.query(Entry).all()


@query
async def search(ctx: QueryCtx, *, text: str, fixed: int, tenant: int, kind: str | None, count: int) -> list[str]:
    """Ids, and something that no search depends on."""
    match fixed:
        case 0:
            hits = ctx.db.search(Entry.search_text, text)
        case 1:
            hits = ctx.db.search(Entry.search_text, text).where(Entry.kind == kind)
        case 2:
            hits = ctx.db.search(Entry.search_text, text).where(Entry.kind == kind, Entry.tenant == tenant)
        case _:
            hits = ctx.db.search(Entry.search_labels, text)
    return [f"{entry.id} {entry.rank}" for entry in await hits.take(count)]


BACKEND = backend_of(change, fail, everything, search, tables=[Entry])


def some_search(chance: random.Random) -> dict[str, Any]:
    words = [chance.choice(WORDS) for _ in range(chance.choice((0, 1, 1, 2, 3)))]
    return {
        "text": " ".join(words)[: chance.choice((1, 3, 99))],
        "fixed": chance.randrange(4),
        "tenant": chance.randrange(3),
        "kind": chance.choice(KINDS),
        "count": chance.choice((1, 2, 20)),
    }


def found_by_looking(documents: list[dict[str, Any]], args: dict[str, Any]) -> list[str]:
    terms = terms_of(args["text"])
    if terms is None:
        return []
    ranked = []
    for document in documents:
        if args["fixed"] in (1, 2) and document["kind"] != args["kind"]:
            continue
        if args["fixed"] == 2 and document["tenant"] != args["tenant"]:
            continue
        words = words_of(tuple(document["labels"]) if args["fixed"] == 3 else (document["text"] or "",))
        begun = {token: count for token, count in words.counts.items() if token.startswith(terms.last)}
        if begun and all(term in words.counts for term in terms.whole):
            total = sum(2 * words.counts[term] for term in terms.whole)
            total += sum(count * (2 if token == terms.last else 1) for token, count in begun.items())
            score = Fraction(total**2, words.length)
            created = datetime.fromisoformat(document["creationTime"]).timestamp()
            ranked.append((-score, -created, f"{document['id']} {document['rank']}"))
    return [shown for _, _, shown in sorted(ranked)[: args["count"]]]


async def simulate(seed: int, steps: int) -> int:
    """One life of a backend; how many searches found something."""
    chance = random.Random(seed)
    fruitful = 0
    async with running(BACKEND) as host:
        watcher = host.watcher()
        asked: dict[int, dict[str, Any]] = {}
        for step in range(steps):
            more = {step * 10 + number: some_search(chance) for number in range(3)}
            gone = tuple(chance.sample(sorted(asked), min(len(asked), chance.randint(0, 3))))
            changes = [host.mutate("app.change", seed=chance.randrange(2**31)) for _ in range(chance.randint(1, 3))]
            await asyncio.gather(
                *changes, watcher.update({key: ("app.search", args) for key, args in more.items()}, gone)
            )
            asked = {key: args for key, args in (asked | more).items() if key not in gone}
            fruitful += await check_equal(host, watcher.results, asked, seed)
            host.clock.turn(chance.choice((timedelta(), timedelta(seconds=1))))
    return fruitful


async def check_equal(host: Host, results: dict[int, Any], asked: dict[int, dict[str, Any]], seed: int) -> int:
    documents = await host.query("app.everything")
    for key, args in asked.items():
        expected = found_by_looking(documents, args)
        assert results[key] == expected, (seed, args)
        assert await host.query("app.search", **args) == expected, (seed, args)
    return sum(bool(results[key]) for key in asked)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_what_is_found_is_what_looking_at_every_document_finds(seed: int) -> None:
    asyncio.run(simulate(seed, 12))


def test_the_searches_find_something() -> None:
    assert asyncio.run(simulate(1, 40)) > 100
