"""Clients of a server that dies under them: they move, send again what was not answered, and check what they hear."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

IN_FLIGHT = 6
"""Moves that one WebSocket client waits for at a time."""

GIVEN_UP = 0.1
"""How often a move that was cut off is never sent again: then nobody may ever see half of it."""


@dataclass(frozen=True)
class Heard:
    """The answer to a move."""

    place: int
    ts: int


@dataclass
class Findings:
    """What all clients saw together."""

    wrong: list[str] = field(default_factory=list)
    ts: int = 0
    """The highest timestamp anybody was told."""
    asked_again: int = 0
    """Moves that were sent again although they had been answered."""
    answered_later: int = 0
    """Moves whose answer a killed server kept to itself."""

    def saw(self, ts: int) -> None:
        self.ts = max(self.ts, ts)


@dataclass
class Mover:
    """One client's own account of what it asked for and what it was told."""

    owner: str
    chance: random.Random
    findings: Findings
    number: int = 0
    waiting: dict[int, bool] = field(default_factory=dict)
    """Sent and not answered: whether a server died meanwhile."""
    answered: dict[int, Heard] = field(default_factory=dict)
    given_up: set[int] = field(default_factory=set)

    def next_move(self) -> int:
        self.number += 1
        self.waiting[self.number] = False
        return self.number

    def again(self) -> list[int]:
        """What to send on a new connection: all that waits, in order, and now and then something long answered."""
        numbers = sorted(self.waiting)
        if self.answered and self.chance.random() < 0.5:
            numbers.insert(0, self.chance.choice(list(self.answered)))
            self.findings.asked_again += 1
        return numbers

    def hear(self, number: int, place: Any, ts: int) -> None:
        heard = Heard(place, ts)
        first = self.answered.setdefault(number, heard)
        if heard != first:
            self.findings.wrong.append(f"move {number} of {self.owner} was answered {first}, asked again {heard}")
        self.findings.answered_later += self.waiting.pop(number, False)
        self.findings.saw(ts)

    def refuse(self, number: int, error: object) -> None:
        """No move may fail."""
        self.findings.wrong.append(f"move {number} of {self.owner} failed: {error}")
        self.waiting.pop(number, None)

    def cut_off(self) -> None:
        """The server is gone."""
        for number in list(self.waiting):
            self.waiting[number] = True
            if self.chance.random() < GIVEN_UP:
                del self.waiting[number]
                self.given_up.add(number)


LOST = (ConnectionClosed, InvalidHandshake, httpx.TransportError, OSError, EOFError, TimeoutError)
"""How a client notices that the server is gone."""


async def move_over_websocket(mover: Mover, port: int, *, more: bool) -> None:
    """Until the server is gone; without `more`, until nothing waits."""
    with suppress(*LOST):
        async with connect(f"ws://127.0.0.1:{port}/api/sync", compression=None) as connection:
            await _Conversation(mover, connection).run(more=more)
    mover.cut_off()


class _Conversation:
    """One connection of a WebSocket client: it moves, and watches what the tables say of everybody."""

    def __init__(self, mover: Mover, connection: ClientConnection) -> None:
        self.mover = mover
        self.connection = connection
        self.ts = 0

    async def run(self, *, more: bool) -> None:
        session = str(UUID(int=random.Random(self.mover.owner).getrandbits(128), version=4))
        known = self.mover.findings.ts
        await self._send("connect", protocol=1, session=session, lastTs=known, contract="", token=None)
        watch = {"queryId": 1, "path": "app.tallies", "args": {}}
        await self._send("modifyQuerySet", baseVersion=0, newVersion=1, add=[watch], remove=[])
        for number in self.mover.again():
            await self._move(number)
        while more or self.mover.waiting:
            while more and len(self.mover.waiting) < IN_FLIGHT:
                await self._move(self.mover.next_move())
            self._receive(json.loads(await self.connection.recv()), known)

    async def _move(self, number: int) -> None:
        args = {"owner": self.mover.owner, "number": number}
        await self._send("mutation", requestId=number, path="app.move", args=args)

    async def _send(self, type_: str, **fields: Any) -> None:
        await self.connection.send(json.dumps({"type": type_, **fields}))

    def _receive(self, message: dict[str, Any], known: int) -> None:
        wrong = self.mover.findings.wrong
        match message:
            case {"type": "connected", "ts": ts}:
                if ts < known:
                    wrong.append(f"a client was at {known} and a new server begins at {ts}")
                self.ts = ts
            case {"type": "transition", "end": {"ts": ts}, "changes": changes}:
                if ts < self.ts:
                    wrong.append(f"a transition went from {self.ts} back to {ts}")
                self.ts = ts
                self.mover.findings.saw(ts)
                for change in changes:
                    check_tallies(change["value"], wrong)
            case {"type": "mutationResponse", "requestId": number, "ts": ts, "value": place}:
                self.mover.hear(number, place, ts)
            case {"type": "mutationResponse", "requestId": number, "error": error}:
                self.mover.refuse(number, error)
            case _:
                wrong.append(f"an unexpected message: {message}")


def check_tallies(tallies: list[dict[str, Any]], wrong: list[str]) -> None:
    for tally in tallies:
        if not tally["moves"] == tally["orders"] == tally["entries"]:
            wrong.append(f"a move is there by half: {tally}")


async def move_over_http(mover: Mover, client: httpx.AsyncClient, port: int, *, more: bool) -> None:
    """One move after the other, until the server is gone; without `more`, until nothing waits."""
    with suppress(*LOST):
        again = mover.again()
        while again or more:
            number = again.pop(0) if again else mover.next_move()
            response = await client.post(
                f"http://127.0.0.1:{port}/api/mutation/app.move",
                json={"owner": mover.owner, "number": number},
                headers={"Idempotency-Key": f"{mover.owner}:{number}"},
            )
            if response.status_code == 200:
                answer = response.json()
                mover.hear(number, answer["value"], answer["ts"])
            else:
                mover.refuse(number, response.text)
    mover.cut_off()


@asynccontextmanager
async def http_client() -> AsyncIterator[httpx.AsyncClient]:
    """Without connections kept alive: a server that was killed would leave them half open."""
    limits = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncClient(timeout=10, limits=limits, trust_env=False) as client:
        yield client
