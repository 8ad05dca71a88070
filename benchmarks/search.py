"""What a search costs: the first 20 of a tenant's documents whose name has a word and begins another.

Beside it stands SQLite's own full-text search, as a server written by hand would use it: one FTS5 table.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import orjson

from benchmarks.report import Report
from benchmarks.scale import FULL, Scale
from benchmarks.server import open_crm
from schemagen.model.contract import FunctionKind

FIRST: Final = ("Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Frances", "John", "Margaret", "Tony")
LAST: Final = tuple(
    f"{head}{tail}" for head in ("Love", "Hop", "Tur", "Dijk", "Lis", "Knu") for tail in ("lace", "per", "ing")
)
FOUND: Final = 20
AT_ONCE: Final = 2000
"""Documents that one mutation inserts."""

BACKEND: Final = """
from schemagen import MutationCtx, QueryCtx, Table, mutation, query, search_index


class Contact(Table, name="contacts"):
    company: str
    full_name: str

    search_name = search_index("full_name", filters=["company"])


@mutation
async def add(ctx: MutationCtx, *, company: str, names: list[str]) -> None:
    for name in names:
        await ctx.db.insert(Contact(company=company, full_name=name))


@query
async def find(ctx: QueryCtx, *, company: str, text: str) -> list[str]:
    hits = ctx.db.search(Contact.search_name, text).where(Contact.company == company)
    return [contact.full_name for contact in await hits.take(20)]
"""


def main(report: Report | None = None, scale: Scale = FULL) -> None:
    report = report or Report()
    report.section(f"search: {scale.documents:,} documents in {scale.tenants} tenants, the first {FOUND} that match")
    searches = list(_searches(scale))
    with tempfile.TemporaryDirectory(prefix="schemagen-bench-") as folder:
        by_hand, of_hand, found_by_hand = _by_hand(Path(folder), scale, searches)
    with tempfile.TemporaryDirectory(prefix="schemagen-bench-") as folder:
        ours, insert, found = asyncio.run(_ours(Path(folder), scale, searches))
    report.add("search, hand-written with FTS5, CPU", by_hand, "µs")
    report.add("search, CPU", ours, "µs")
    report.add("search, of hand-written", ours / by_hand, "×")
    report.add("searches per second", 1e6 / ours, "")
    report.add("insert of a document that is searched, hand-written, CPU", of_hand, "µs")
    report.add("insert of a document that is searched, CPU", insert, "µs")
    report.add("documents a search finds, hand-written", found_by_hand, "")
    report.add("documents a search finds", found, "")


def _names(scale: Scale) -> Iterator[tuple[str, list[str]]]:
    """Of each tenant, its documents."""
    chance = random.Random(0)
    for tenant in range(scale.tenants):
        count = scale.documents // scale.tenants
        yield _tenant(tenant), [f"{chance.choice(FIRST)} {chance.choice(LAST)} {n}" for n in range(count)]


def _tenant(number: int) -> str:
    return f"company{number}"


def _searches(scale: Scale) -> Iterator[tuple[str, str, str]]:
    """A tenant, a word, and how another begins."""
    chance = random.Random(1)
    for _ in range(scale.searches):
        yield _tenant(chance.randrange(scale.tenants)), chance.choice(FIRST).lower(), chance.choice(LAST)[:3].lower()


async def _ours(folder: Path, scale: Scale, searches: list[tuple[str, str, str]]) -> tuple[float, float, float]:
    """µs of CPU per search and per insert, and how many documents a search finds."""
    runtime = open_crm(folder, BACKEND)
    try:
        began = time.process_time()
        for company, names in _names(scale):
            for first in range(0, len(names), AT_ONCE):
                args = {"company": company, "names": names[first : first + AT_ONCE]}
                answer = await runtime.run(FunctionKind.MUTATION, "contacts.add", args, None)
                assert answer.failure is None, answer
        insert = (time.process_time() - began) / scale.documents * 1e6
        found = 0
        began = time.process_time()
        for company, word, start in searches:
            args = {"company": company, "text": f"{word} {start}"}
            answer = await runtime.run(FunctionKind.QUERY, "contacts.find", args, None)
            assert answer.failure is None and answer.value is not None, answer
            found += len(orjson.loads(answer.value))
        return (time.process_time() - began) / len(searches) * 1e6, insert, found / len(searches)
    finally:
        await runtime.close()


def _by_hand(folder: Path, scale: Scale, searches: list[tuple[str, str, str]]) -> tuple[float, float, float]:
    database = sqlite3.connect(folder / "crm.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE VIRTUAL TABLE contacts USING fts5(company, full_name)")
    began = time.process_time()
    for company, names in _names(scale):
        database.execute("BEGIN")
        database.executemany("INSERT INTO contacts VALUES (?, ?)", ((company, name) for name in names))
        database.execute("COMMIT")
    insert = (time.process_time() - began) / scale.documents * 1e6
    found = 0
    began = time.process_time()
    for company, word, start in searches:
        wanted = f"company : {company} AND full_name : ({word} AND {start}*)"
        sql = "SELECT full_name FROM contacts WHERE contacts MATCH ? ORDER BY rank LIMIT ?"
        found += len(orjson.loads(orjson.dumps([row[0] for row in database.execute(sql, (wanted, FOUND))])))
    search = (time.process_time() - began) / len(searches) * 1e6
    database.close()
    return search, insert, found / len(searches)


if __name__ == "__main__":
    main()
