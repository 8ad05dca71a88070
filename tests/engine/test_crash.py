"""`kill -9` at any moment, hundreds of times: nothing acknowledged is lost, nothing happens twice, nothing by half."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import ROOT
from tests.engine.crash_clients import Findings, Mover, http_client, move_over_http, move_over_websocket
from tests.engine.crash_server import Life, Moment, Sabotage

KILLS = 205
SEED = 20260
OVER_WEBSOCKET = 3
OVER_HTTP = 2
TIMEOUT_SECONDS = 240

MOMENTS: dict[Moment, int] = {"any": 6, "start": 1, "before commit": 1, "within commit": 2, "after commit": 2}
"""How a server is killed, and how often in comparison."""


@pytest.mark.slow
def test_nothing_is_lost_doubled_or_halved_by_hundreds_of_kills(tmp_path: Path) -> None:
    crowd = Crowd(tmp_path / "app.db", SEED)
    asyncio.run(crowd.survive(lives(random.Random(SEED), KILLS)))
    assert crowd.deaths == KILLS
    assert crowd.findings.wrong + list(crowd.differences()) == []
    # The kills came at moments that matter:
    assert crowd.findings.asked_again > 0
    assert crowd.findings.answered_later > 0
    there = crowd.stored("orders").keys()
    given_up = {(mover.owner, number) for mover in crowd.movers for number in mover.given_up}
    assert given_up & there and given_up - there


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "moment", "expected"),
    [
        ("answers before the commit", "before commit", "is lost"),
        ("forgets answers", "after commit", "there 2 times"),
        ("commits by halves", "after commit", "by half"),
    ],
)
def test_a_broken_promise_is_found(tmp_path: Path, how: Sabotage, moment: Moment, expected: str) -> None:
    crowd = Crowd(tmp_path / "app.db", SEED)
    chance = random.Random(SEED)
    broken = [Life(moment, chance.uniform(0.05, 0.15), chance.randint(2, 6), how) for _ in range(12)]
    asyncio.run(crowd.survive(broken))
    found = crowd.findings.wrong + list(crowd.differences())
    assert any(expected in each for each in found), found


def lives(chance: random.Random, kills: int) -> Iterator[Life]:
    """Lives of random length that end at random moments."""
    for moment in chance.choices(list(MOMENTS), list(MOMENTS.values()), k=kills):
        match moment:
            case "any":
                yield Life(moment, chance.uniform(0, 0.1))
            case "start":
                yield Life(moment, chance.uniform(0, 0.03))
            case "before commit":
                yield Life(moment, chance.uniform(0, 0.02), chance.randint(1, 12))
            case _:
                yield Life(moment, chance.uniform(0, 0.004), chance.randint(1, 12))


class Crowd:
    """Clients, and one database whose server dies again and again."""

    def __init__(self, database: Path, seed: int) -> None:
        self.database = database
        self.findings = Findings()
        self.deaths = 0
        self.movers = [
            Mover(f"{way}-{number}", random.Random(f"{seed} {way} {number}"), self.findings)
            for way, count in (("socket", OVER_WEBSOCKET), ("http", OVER_HTTP))
            for number in range(count)
        ]

    async def survive(self, lives: Iterator[Life] | list[Life]) -> None:
        """All lives, and one more in which everything that still waits is answered."""
        async with asyncio.timeout(TIMEOUT_SECONDS), fork_server(self.database) as server, http_client() as http:
            for life in lives:
                await self._live(server, life, http)
            await self._live(server, Life("never"), http)

    async def _live(self, server: Process, life: Life, http: httpx.AsyncClient) -> None:
        assert server.stdin is not None and server.stdout is not None
        server.stdin.write(life.to_line().encode())
        said = (await server.stdout.readline()).decode().split()
        if said[0] == "listening":
            await self._move(http, int(said[1]), more=life.moment != "never")
            if life.moment == "never":
                server.stdin.write_eof()
            said = (await server.stdout.readline()).decode().split()
        assert said == ["dead"], said
        self.deaths += life.moment != "never"

    async def _move(self, http: httpx.AsyncClient, port: int, *, more: bool) -> None:
        await asyncio.gather(
            *(
                move_over_websocket(mover, port, more=more)
                if mover.owner.startswith("socket")
                else move_over_http(mover, http, port, more=more)
                for mover in self.movers
            )
        )

    # --- what is in the database, as another program reads it ---

    def stored(self, table: str) -> dict[tuple[str, int], list[int]]:
        """The places of each move."""
        found: dict[tuple[str, int], list[int]] = {}
        for owner, number, place in self._ask(f"SELECT owner, number, place FROM {table}"):
            found.setdefault((owner, number), []).append(place)
        return found

    def differences(self) -> Iterator[str]:
        """All that a correct database would not hold, or would."""
        orders, entries = self.stored("orders"), self.stored("entries")
        yield from (
            f"{move} is there by half: {orders.get(move)} and {entries.get(move)}"
            for move in orders.keys() | entries.keys()
            if orders.get(move) != entries.get(move)
        )
        yield from (f"{move} is there {len(places)} times" for move, places in orders.items() if len(places) > 1)
        accounts = dict(self._ask("SELECT owner, moves FROM accounts"))
        for mover in self.movers:
            yield from _lost(
                mover, {number: places for (owner, number), places in orders.items() if owner == mover.owner}
            )
            moves = accounts.get(mover.owner, 0)
            places = sorted(place for (owner, _), [place, *_] in orders.items() if owner == mover.owner)
            if places != list(range(1, moves + 1)):
                yield f"{mover.owner} made {moves} moves, with the places {places}"
        if (check := self._ask("PRAGMA integrity_check")) != [("ok",)]:
            yield f"the database is damaged: {check}"

    def _ask(self, sql: str) -> list[Any]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(sql).fetchall()


def _lost(mover: Mover, stored: dict[int, list[int]]) -> Iterator[str]:
    for number, heard in mover.answered.items():
        if number not in stored:
            yield f"move {number} of {mover.owner} was answered and is lost"
        elif stored[number] != [heard.place]:
            yield f"move {number} of {mover.owner} was answered {heard.place} and is there as {stored[number]}"
    for number in stored.keys() - mover.answered.keys() - mover.given_up:
        yield f"move {number} of {mover.owner} is there, and was never answered"
    if mover.waiting:
        yield f"{mover.owner} waits for {sorted(mover.waiting)}"


@asynccontextmanager
async def fork_server(database: Path) -> AsyncIterator[Process]:
    command = [sys.executable, "-m", "tests.engine.crash_server", f"sqlite:///{database}"]
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=ROOT)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
