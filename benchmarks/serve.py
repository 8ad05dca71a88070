"""What a running server costs: CPU of the server process per call and per delivery, memory per socket and query.

Beside each figure stands a hand-written FastAPI + sqlite3 server that does the same work under the same web server in
the same run: its database is durable at every commit; on a write it re-runs the query once and broadcasts the result.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from websockets.asyncio.client import ClientConnection

from benchmarks.faces import CLIENTS, COMPANIES, FACES, Face, company, requests_to
from benchmarks.measure import cpu_of
from benchmarks.report import Report
from benchmarks.scale import FULL, Scale
from benchmarks.server import running
from benchmarks.sockets import allow_files, watching

ROWS: Final = 20
"""Documents in the result of the query."""
ACKNOWLEDGED: Final = 30
"""Mutations, one after the other, whose acknowledgement is timed without load."""
QUERIES_EACH: Final = 500
"""Different queries of one socket, where the memory of a query is measured."""


def main(report: Report | None = None, scale: Scale = FULL) -> None:
    report = report or Report()
    report.section(f"serving: {ROWS} documents a result, {CLIENTS} clients; CPU is that of the server")
    by_hand = _measured("by_hand", scale)
    ours = _measured("ours", scale)
    for what, unit, budget in ROWS_OF_REPORT:
        name = what.format(sockets=scale.sockets)
        report.add(f"{name}, hand-written", by_hand[what], unit)
        report.add(name, ours[what], unit, budget)
        if unit not in ("MiB", "KiB"):
            report.add(f"{name}, of hand-written", ours[what] / by_hand[what], "×")
    for name, measured in (("", ours), (", hand-written", by_hand)):
        others = measured[OTHERS] / measured[MUTATION]
        report.add(
            f"{OTHERS.format(sockets=scale.sockets)}{name}, of one with none", others, "×", 1.15 if not name else None
        )
        waited = measured[ACK_LOADED] / measured[ACK]
        report.add(
            f"{ACK_LOADED.format(sockets=scale.sockets)}{name}, of unloaded", waited, "×", 5 if not name else None
        )
    report.add("frames sent to sockets that watch other data", ours[SENT], "", 0)


QUERY_HTTP: Final = "query over HTTP"
MUTATION_HTTP: Final = "mutation over HTTP"
QUERY: Final = "query over WebSocket"
MUTATION: Final = "mutation over WebSocket"
PACE: Final = "time per mutation over WebSocket, clients at once"
DELIVERY: Final = "delivery, {sockets} sockets on one query"
ACK: Final = "acknowledgement of a write, median"
ACK_LOADED: Final = "acknowledgement of a write that {sockets} sockets are told of"
OTHERS: Final = "write while {sockets} sockets watch other data"
SENT: Final = "sent"
IDLE: Final = "idle server, memory"
PER_SOCKET: Final = "memory per socket, {sockets} on one query"
PER_QUERY: Final = "memory per watched query, all different"

ROWS_OF_REPORT: Final[list[tuple[str, str, float | None]]] = [
    (QUERY_HTTP, "µs", 260),
    (MUTATION_HTTP, "µs", None),
    (QUERY, "µs", 75),
    (MUTATION, "µs", 200),
    (PACE, "µs", None),
    (DELIVERY, "µs", 40),
    (OTHERS, "µs", None),
    (ACK, "ms", None),
    (ACK_LOADED, "ms", None),
    (IDLE, "MiB", 80),
    (PER_SOCKET, "KiB", None),
    (PER_QUERY, "KiB", None),
]
"""What is measured on both servers, and its budget in DESIGN.md, section 13."""


def _measured(server: str, scale: Scale) -> dict[str, float]:
    allow_files(scale.sockets + 2 * CLIENTS)
    with running(server) as (pid, address):
        idle = _memory(pid)
        return {IDLE: idle / 1024} | asyncio.run(_measure(server, pid, address, scale))


async def _measure(server: str, pid: int, address: str, scale: Scale) -> dict[str, float]:
    face = FACES[server]()
    found: dict[str, float] = {}
    calls = scale.calls
    http = requests_to(address)

    async def timed(name: str, calls: int, work: Callable[[int], Awaitable[None]], pace: str | None = None) -> None:
        """CPU of the server per call, and under `pace` the time; `work` gets the number of its first call."""
        cpu, wall = [], []
        for number in range(scale.rounds):
            before, began = cpu_of(pid), time.perf_counter()
            await work(number * calls)
            cpu.append((cpu_of(pid) - before) / calls * 1e6)
            wall.append((time.perf_counter() - began) / calls * 1e6)
        found[name] = min(cpu)
        if pace is not None:
            found[pace] = min(wall)

    for number in range(COMPANIES):
        await http(face.http_mutations(ROWS, company(number)), CLIENTS)
    await timed(QUERY_HTTP, calls, lambda _: http(face.http_queries(calls), CLIENTS))
    await timed(MUTATION_HTTP, calls, lambda _: http(face.http_mutations(calls, "other"), CLIENTS))
    async with AsyncExitStack() as stack:
        callers = [await face.open(stack, address) for _ in range(CLIENTS)]
        await timed(QUERY, calls, lambda first: _each(callers, first, calls, face.query))
        await timed(MUTATION, calls, lambda first: _each(callers, first, calls, face.mutate), PACE)
        found[ACK] = statistics.median([await _renamed(face, callers[0], -n) for n in range(ACKNOWLEDGED)])
        before = _memory(pid)
        with watching(server, address, scale.sockets, 1, company(0)) as sockets:
            found[PER_SOCKET] = (_memory(pid) - before) / scale.sockets
            delays: list[float] = []

            async def deliveries(first: int) -> None:
                for number in range(first, first + scale.writes * scale.sockets, scale.sockets):
                    delays.append(await _renamed(face, callers[0], number))
                    await sockets.wait(number + scale.sockets)

            await timed(DELIVERY, scale.writes * scale.sockets, deliveries)
            found[ACK_LOADED] = statistics.median(delays)
            told = await sockets.count()
            await timed(OTHERS, calls, lambda first: _each(callers, first, calls, face.mutate))
            found[SENT] = await sockets.count() - told
        before = _memory(pid)
        count = max(2, scale.sockets // 50)
        with watching(server, address, count, QUERIES_EACH, "none"):
            found[PER_QUERY] = (_memory(pid) - before) / (count * QUERIES_EACH)
    return found


async def _renamed(face: Face, caller: ClientConnection, number: int) -> float:
    """Milliseconds until a write of what is watched was acknowledged."""
    began = time.perf_counter()
    await face.rename(caller, number)
    return (time.perf_counter() - began) * 1e3


async def _each(
    callers: list[ClientConnection],
    first: int,
    calls: int,
    call: Callable[[ClientConnection, int], Awaitable[None]],
) -> None:
    """Numbered calls, dealt out to the callers in turn."""

    async def one(caller: ClientConnection, offset: int) -> None:
        for number in range(first + offset, first + calls, len(callers)):
            await call(caller, number)

    await asyncio.gather(*(one(caller, offset) for offset, caller in enumerate(callers)))


def _memory(pid: int) -> float:
    """Resident, in KiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024


if __name__ == "__main__":
    main()
