"""Concurrent clients of a real server, over WebSocket and HTTP, that write down what they did and saw."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from math import inf
from random import Random
from typing import Any
from uuid import uuid4

import httpx

from schemagen.engine.runtime import Runtime
from schemagen.serve.app import create_app
from schemagen.serve.server import Server
from schemagen.serve.settings import Settings
from tests.engine.elle.backend import KEYS, LISTS
from tests.engine.elle.history import Append, Op, Read, Status, Transaction
from tests.serve.harness import SECRET, Message, Socket, http, socket


@asynccontextmanager
async def serving_lists() -> AsyncIterator[Server]:
    runtime = Runtime.open(
        contract=LISTS.contract, functions=LISTS.functions, tables=LISTS.tables, database="sqlite://"
    )
    server = Server(create_app(runtime, Settings(auth_secret=SECRET, port=0)), handle_signals=False)
    running = asyncio.create_task(server.run())
    await server.listening.wait()
    try:
        yield server
    finally:
        server.stop()
        await running


@dataclass
class Recorder:
    """The history of all clients of one run."""

    random: Random
    history: dict[int, Transaction] = field(default_factory=dict)
    values: int = 0

    def started(self, ops: tuple[Op, ...], **rest: Any) -> int:
        number = len(self.history)
        self.history[number] = Transaction(number, ops, **rest)
        return number

    def begin(self) -> tuple[int, list[Any], bool]:
        """A new transaction: its number, its operations as arguments, and whether it is to be undone."""
        args: list[Any] = []
        ops: list[Op] = []
        for _ in range(self.random.randint(1, 4)):
            key = self.random.choice(KEYS)
            if self.random.random() < 0.6:
                self.values += 1
                args.append(["append", key, self.values])
                ops.append(Append(key, self.values))
            else:
                args.append(["read", key])
        abort = self.random.random() < 0.15
        return self.started(tuple(ops), status=Status.UNKNOWN, asked=time.monotonic()), args, abort

    def end(self, number: int, args: list[Any], results: list[Any] | None) -> None:
        """A transaction was answered; None if it was undone."""
        now = time.monotonic()
        if results is None:
            self.history[number] = replace(self.history[number], status=Status.ABORTED, answered=now)
            return
        ops = tuple(
            Append(op[1], op[2]) if op[0] == "append" else Read(op[1], tuple(result))
            for op, result in zip(args, results, strict=True)
        )
        self.history[number] = replace(self.history[number], status=Status.DONE, ops=ops, answered=now)


def seen(results: list[list[int]]) -> tuple[Op, ...]:
    return tuple(Read(key, tuple(values)) for key, values in zip(KEYS, results, strict=True))


# --- over HTTP ---


async def call_by_http(recorder: Recorder, caller: httpx.AsyncClient, calls: int) -> None:
    """Transactions, and queries of all lists at once."""
    for _ in range(calls):
        if recorder.random.random() < 0.4:
            await read_all(recorder, caller)
            continue
        number, args, abort = recorder.begin()
        response = await caller.post("/api/mutation/app.transact", json={"ops": args, "abort": abort})
        recorder.end(number, args, None if abort else response.json()["value"])
        assert response.status_code == (400 if abort else 200), response.text


async def read_all(recorder: Recorder, caller: httpx.AsyncClient) -> None:
    asked = time.monotonic()
    response = await caller.post("/api/query/app.read", json={"keys": list(KEYS)})
    recorder.started(seen(response.json()["value"]), asked=asked, answered=time.monotonic())


# --- over WebSocket ---


@dataclass
class Live:
    """A client that watches all lists, sends several transactions at once, and loses its connection now and then."""

    recorder: Recorder
    server: Server
    session: str = field(default_factory=lambda: str(uuid4()))
    requests: int = 0
    open: dict[int, tuple[int, list[Any], bool]] = field(default_factory=dict)
    """By request id: what `Recorder.begin` gave."""
    known: tuple[int, ...] = ()
    """Transactions that this client knows to be over."""

    async def run(self, rounds: int) -> None:
        while rounds or self.open:
            async with socket(self.server, session=self.session) as connection:
                await connection.watch(1, "app.read", keys=list(KEYS))
                self._saw(connection)
                for request_id in list(self.open):
                    await self._send(connection, request_id)
                while rounds or self.open:
                    for _ in range(self.recorder.random.randint(1, 3) if rounds else 0):
                        self.requests += 1
                        self.open[self.requests] = self.recorder.begin()
                        await self._send(connection, self.requests)
                    rounds = max(0, rounds - 1)
                    if rounds and self.recorder.random.random() < 0.15:
                        break  # what was sent is asked again by the next connection
                    while self.open:
                        self._received(connection, await connection.receive())

    async def _send(self, connection: Socket, request_id: int) -> None:
        _, args, abort = self.open[request_id]
        await connection.mutate(request_id, "app.transact", ops=args, abort=abort)

    def _received(self, connection: Socket, message: Message) -> None:
        if message["type"] == "transition":
            self._saw(connection)
            return
        assert message["type"] == "mutationResponse", message
        number, args, abort = self.open.pop(message["requestId"])
        assert ("error" in message) is abort, message
        self.recorder.end(number, args, None if abort else message["value"])
        if not abort:
            self.known = (*self.known, number)
        self._saw(connection)  # what is shown now holds what was answered

    def _saw(self, connection: Socket) -> None:
        """What is shown is a read, later than all this client knew; it is not bound to real time."""
        number = self.recorder.started(seen(connection.results[1]), after=self.known)
        self.known = (number,)


async def play(seed: int, rounds: int) -> list[Transaction]:
    """The history of some clients; its last transaction reads everything."""
    recorder = Recorder(Random(seed))
    async with serving_lists() as server, http(server) as caller:
        live = [Live(recorder, server).run(rounds) for _ in range(4)]
        await asyncio.gather(*live, *(call_by_http(recorder, caller, 2 * rounds) for _ in range(3)))
        await read_all(recorder, caller)
    assert all(each.answered < inf or each.asked == -inf for each in recorder.history.values())
    return list(recorder.history.values())
