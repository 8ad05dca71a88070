"""What live queries cost inside the engine: finding those a write meets, and running them again.

A figure is CPU time of this process, without sockets. Beside it stands what a server written by hand would do.
"""

from __future__ import annotations

import asyncio
import gc
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.by_hand import Contacts
from benchmarks.report import Report
from benchmarks.scale import FULL, Scale
from benchmarks.server import BACKEND, load_crm, open_crm
from schemagen.engine.answer import Delta, Stats, Watch
from schemagen.engine.catalog import Catalog, CatalogIndex, CatalogTable
from schemagen.engine.execution import Write
from schemagen.engine.keys import ABOVE
from schemagen.engine.live import LiveQueries, Observation, Subscription
from schemagen.engine.memory import Memory
from schemagen.engine.opening import fresh_default, open_store
from schemagen.engine.read_set import Read
from schemagen.model.contract import FunctionKind
from schemagen.store.tables import Row

WRITES: Final = 2000
"""Of which the cost of one is taken."""
QUERIES_EACH: Final = 100
"""That one subscriber watches."""
COMPANIES: Final = 10_000
NAMES: Final = 100_000
COMPANY: Final = "company-0"


def main(report: Report | None = None, scale: Scale = FULL) -> None:
    report = report or Report()
    for measure in MEASUREMENTS:
        measure(report, scale)


def measure_invalidation(report: Report, scale: Scale) -> None:
    """Mixed as in design/engine.md, section 3: 40 % by id, 30 % a whole prefix, 29 % a range of one, 1 % any range."""
    report.section("invalidation: CPU per write, which changes a document in 5 indexes; mixed subscriptions")
    for count in scale.subscriptions:
        with tempfile.TemporaryDirectory(prefix="schemagen-bench-") as folder:
            table = _contacts(Path(folder))
        _measure_invalidation(report, table, count, by_hand=count == scale.subscriptions[0])


def _measure_invalidation(report: Report, table: CatalogTable, count: int, *, by_hand: bool) -> None:
    chance = random.Random(0)
    reads = list(_reads(table, count, chance))
    before = _resident()
    live, stats, watch_us = _watched(reads)
    memory = (_resident() - before) / count
    writes = [_change(table, chance) for _ in range(WRITES)]
    hits = 0

    def invalidate() -> None:
        nonlocal hits
        hits = sum(len(live.met_by([write])) for write in writes)

    cost = min(_cpu_us(invalidate) for _ in range(3)) / WRITES
    named = f"{count:,} subscriptions"
    report.add(f"write, {named}", cost, "µs", 25 if count == 100_000 else None)
    report.add(f"  queries it meets, {named}", hits / WRITES, "")
    report.add(f"  to begin to watch, without running the query, {named}", watch_us, "µs")
    report.add(f"  memory of one, {named}", memory / 1024, "KiB")
    assert stats.subscriptions == count
    if by_hand:
        few = writes[:20]
        linear = _cpu_us(lambda: [_asked_in_turn(table, reads, write) for write in few]) / len(few)
        report.add(f"write, {named}, hand-written: each is asked in turn", linear, "µs")


def measure_reruns(report: Report, scale: Scale) -> None:
    """One write that many different queries show: run, compared, handed over."""
    report.section(f"re-runs: CPU of one, 20 documents a result; {scale.live_queries} queries that a write meets")
    with tempfile.TemporaryDirectory(prefix="schemagen-bench-") as folder:
        ours = asyncio.run(_reruns(Path(folder), scale))
    with tempfile.TemporaryDirectory(prefix="schemagen-bench-") as folder:
        by_hand = _reruns_by_hand(Path(folder), scale)
    report.add("re-run, hand-written: select, model, JSON", by_hand, "µs")
    report.add("re-run", ours["changed"], "µs")
    report.add("re-run, of hand-written", ours["changed"] / by_hand, "×")
    report.add("re-run whose result is equal", ours["equal"], "µs")


MEASUREMENTS: Final[tuple[Callable[[Report, Scale], None], ...]] = (measure_invalidation, measure_reruns)
"""All there are; another one is a function here."""


# --- invalidation ---


_ONE_INDEX: Final = '    by_company = index("company", "full_name")\n'
_INDEXED: Final = BACKEND.replace(
    _ONE_INDEX, _ONE_INDEX + '    by_name = index("full_name")\n    by_stage = index("stage", "company")\n'
)


def _contacts(folder: Path) -> CatalogTable:
    """A table as the engine has it, with indexes by id, by creation time and three more."""
    crm = load_crm(folder, _INDEXED)
    store, codec = open_store(crm.contract, None, fresh_default(crm.contract, crm.tables))
    table = Catalog(crm.tables, store.tables, codec, crm.contract.types_by_name).by_name["contacts"]
    store.close()
    return table


def _reads(table: CatalogTable, count: int, chance: random.Random) -> Iterator[Read]:
    by_id, by_company, by_name = (_index(table, *fields) for fields in (("id",), ("company",), ("full_name",)))
    for number in range(count):
        kind = number % 100
        if kind < 40:
            key = by_id.parts[0](_id(chance.randrange(count)))
            yield Read((by_id.number, 1, key), key, key + ABOVE)
        elif kind < 99:
            prefix = by_company.parts[0](f"company-{chance.randrange(COMPANIES)}")
            low, high = prefix, prefix + ABOVE
            if kind >= 70:
                first = chance.randrange(NAMES)
                low = prefix + by_company.parts[1](_name(first))
                high = prefix + by_company.parts[1](_name(first + NAMES // 2))
            yield Read((by_company.number, 1, prefix), low, high)
        else:
            first = chance.randrange(NAMES)
            low, high = (by_name.parts[0](_name(each)) for each in (first, first + NAMES // 200))
            yield Read((by_name.number, 0, b""), low, high)


def _index(table: CatalogTable, *fields: str) -> CatalogIndex:
    return next(each for each in table.indexes if each.fields[: len(fields)] == fields)


def _id(number: int) -> str:
    return f"contacts_{number:026}"


def _name(number: int) -> str:
    return f"{number:07}"


def _watched(reads: list[Read]) -> tuple[LiveQueries, Stats, float]:
    """Queries that read what is given, each watched once; µs per query."""
    stats = Stats()

    def observe(_path: str, args: Any, *_: object) -> Observation:
        return Observation(b"[]", [reads[args["n"]]], False, None)

    live = LiveQueries(observe, stats, lambda _path, _wasted: None, Memory().result_bytes)
    gc.collect()
    gc.disable()  # as a server does not grow by so much at once, it does not look through all of it so often

    def watch() -> None:
        for first in range(0, len(reads), QUERIES_EACH):
            numbers = range(first, min(first + QUERIES_EACH, len(reads)))
            live.update(Subscription(_hear), {n: Watch("contacts.list", {"n": n}) for n in numbers}, (), None)

    try:
        return live, stats, _cpu_us(watch) / len(reads)
    finally:
        gc.enable()


def _hear(_: Delta) -> None:
    """A subscriber that does nothing."""


def _change(table: CatalogTable, chance: random.Random) -> Write:
    """A document that gets another name."""
    held = (_id(chance.randrange(10_000)), "2026-01-01T00:00:00.000000Z", f"company-{chance.randrange(COMPANIES)}")
    old: Row = (*held, _name(chance.randrange(NAMES)), "lead")
    new: Row = (*held, _name(chance.randrange(NAMES)), "lead")
    return table, old, new


def _asked_in_turn(table: CatalogTable, reads: list[Read], write: Write) -> int:
    """How a list of subscriptions finds out which of them a write concerns."""
    keys = {(each.number, each.row_key(row)) for each in table.indexes for row in write[1:] if row is not None}
    return sum(any(number == read.bucket[0] and read.low <= key < read.high for number, key in keys) for read in reads)


# --- re-runs ---


async def _reruns(folder: Path, scale: Scale) -> dict[str, float]:
    """CPU per re-run: of writes that many queries show, less that of writes that nobody watches."""
    runtime = open_crm(folder)
    heard = 0

    def hear(delta: Delta) -> None:
        nonlocal heard
        heard += len(delta.changed)

    async def mutate(path: str, **args: Any) -> None:
        answer = await runtime.run(FunctionKind.MUTATION, path, args, None)
        assert answer.failure is None, answer

    async def cost(path: str, **args: Any) -> float:
        rounds = []
        for _ in range(scale.rounds):
            began = time.process_time()
            for number in range(scale.writes):
                await mutate(path, fullName=f"A{number}", **args)
            rounds.append((time.process_time() - began) * 1e6 / scale.writes)
        return min(rounds)

    try:
        for number in range(20):
            await mutate("contacts.create", company=COMPANY, fullName=f"Ada {number}")
            await mutate("contacts.create", company="other", fullName=f"Ada {number}")
        watches = {n: Watch("contacts.page", {"company": COMPANY, "limit": 20 + n}) for n in range(scale.live_queries)}
        runtime.subscriber(hear).update(add=watches, remove=(), identity=None, tag="ready")
        alone = await cost("contacts.rename", company="other")
        told = heard
        changed = await cost("contacts.rename", company=COMPANY)
        assert heard - told == scale.rounds * scale.writes * scale.live_queries
        equal = await cost("contacts.retype", company=COMPANY)
    finally:
        await runtime.close()
    return {"changed": (changed - alone) / scale.live_queries, "equal": (equal - alone) / scale.live_queries}


def _reruns_by_hand(folder: Path, scale: Scale) -> float:
    from pydantic import TypeAdapter

    from benchmarks.by_hand import Contact

    contacts = Contacts(folder / "crm.db")
    for number in range(20):
        contacts.insert(COMPANY, f"Ada {number}")
    adapter = TypeAdapter(list[Contact])

    def run() -> None:
        for number in range(scale.live_queries):
            adapter.dump_json(contacts.select(COMPANY, 20 + number))

    return min(_cpu_us(run) for _ in range(scale.rounds)) / scale.live_queries


# --- measuring ---


def _cpu_us(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1e6


def _resident() -> int:
    """Bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


if __name__ == "__main__":
    main()
