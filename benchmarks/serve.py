"""What a running server costs: CPU of the server process per call, per delivery, and per write others do not watch.

Beside each figure stands a hand-written FastAPI + sqlite3 server that does the same work under the same web server in
the same run: its database is durable at every commit; on a write it re-runs the query once and broadcasts the result.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from pydantic import BaseModel
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.measure import cpu_of
from benchmarks.report import Report

ROOT: Final = Path(__file__).parents[1]
ROWS: Final = 20
"""Documents in the result of the query."""
COMPANIES: Final = 64
"""More than there are clients: no two of them ask the same at the same time."""
CALLS: Final = 3200
CLIENTS: Final = 32
"""Connections that call at the same time."""
SOCKETS: Final = 1000
WRITES: Final = 10
ROUNDS: Final = 3
"""Of each measurement; the least counts, for other work on the machine only adds."""

BACKEND: Final = """
from schemagen import Id, MutationCtx, QueryCtx, Table, index, mutation, query


class Contact(Table, name="contacts"):
    company: str
    full_name: str
    stage: str

    by_company = index("company", "full_name")


@query
async def list_(ctx: QueryCtx, *, company: str) -> list[Contact]:
    return await ctx.db.query(Contact).where(Contact.company == company).order_by(Contact.full_name).take(20)


@mutation
async def create(ctx: MutationCtx, *, company: str, full_name: str) -> Id[Contact]:
    return await ctx.db.insert(Contact(company=company, full_name=full_name, stage="lead"))


@mutation
async def rename(ctx: MutationCtx, *, company: str, full_name: str) -> None:
    first = await ctx.db.query(Contact).where(Contact.company == company).first()
    if first is not None:
        await ctx.db.patch(first.id, full_name=full_name)
"""


def main(report: Report | None = None) -> None:
    report = report or Report()
    report.section(f"serving: CPU of the server per call, {ROWS} documents a result, {CLIENTS} clients")
    by_hand = _measured("by_hand", ByHand())
    ours = _measured("ours", Ours())
    for name, budget in BUDGETS.items():
        report.add(f"{name}, hand-written", by_hand[name], "µs")
        report.add(name, ours[name], "µs", budget)
        report.add(f"{name}, of hand-written", ours[name] / by_hand[name], "×")
    report.add("idle server, memory", ours["memory"], "MiB", 80)


BUDGETS: Final[dict[str, float | None]] = {
    "query over HTTP": 260,
    "mutation over HTTP": None,
    "query over WebSocket": 75,
    "mutation over WebSocket": 200,
    f"delivery, {SOCKETS} sockets on one query": 40,
    f"write while {SOCKETS} sockets watch other data": None,
}


def _measured(server: str, face: Ours | ByHand) -> dict[str, float]:
    with _running(server) as (pid, address):
        memory = _memory_mib(pid)
        return {"memory": memory} | asyncio.run(_measure(pid, face, address))


async def _measure(pid: int, face: Ours | ByHand, address: str) -> dict[str, float]:
    cost: dict[str, float] = {}
    http = _requests(address)
    names = list(BUDGETS)

    async def timed(name: str, calls: int, work: Callable[[int], Awaitable[None]]) -> None:
        """`work` gets the number of its first call."""
        rounds = []
        for number in range(ROUNDS):
            before = cpu_of(pid)
            await work(number * calls)
            rounds.append((cpu_of(pid) - before) / calls * 1e6)
        cost[name] = min(rounds)

    for number in range(COMPANIES):
        await http(face.http_mutations(ROWS, company(number)), CLIENTS)
    await timed(names[0], CALLS, lambda _: http(face.http_queries(CALLS), CLIENTS))
    await timed(names[1], CALLS, lambda _: http(face.http_mutations(CALLS, "other"), CLIENTS))
    async with AsyncExitStack() as stack:
        callers = [await face.open(stack, address) for _ in range(CLIENTS)]
        await timed(names[2], CALLS, lambda first: _each(callers, first, CALLS, face.query))
        await timed(names[3], CALLS, lambda first: _each(callers, first, CALLS, face.mutate))
        watchers = [await face.open(stack, address) for _ in range(SOCKETS)]
        await asyncio.gather(*(face.watch(watcher, company(0)) for watcher in watchers))

        async def deliveries(first: int) -> None:
            for number in range(first, first + WRITES):
                await asyncio.gather(face.rename(callers[0], number), *(face.delivered(w) for w in watchers))

        await timed(names[4], WRITES * SOCKETS, deliveries)
        await timed(names[5], CALLS, lambda first: _each(callers, first, CALLS, face.mutate))
    return cost


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


@dataclass
class Ours:
    """How our server is spoken to."""

    requests: int = 0

    def http_queries(self, count: int) -> list[bytes]:
        return [_post("/api/query/contacts.list", {"company": company(number)}) for number in range(count)]

    def http_mutations(self, count: int, of: str) -> list[bytes]:
        path = "/api/mutation/contacts.create"
        return [_post(path, {"company": of, "fullName": f"Ada {number}"}) for number in range(count)]

    async def open(self, stack: AsyncExitStack, address: str) -> ClientConnection:
        connection = await stack.enter_async_context(_connect(f"{address}/api/sync"))
        hello = {"type": "connect", "protocol": 1, "session": str(uuid4()), "lastTs": 0, "contract": "", "token": None}
        await connection.send(json.dumps(hello))
        await connection.recv()
        return connection

    async def query(self, connection: ClientConnection, number: int) -> None:
        """Watch, get the result, and stop watching with the next."""
        queries = [{"queryId": number, "path": "contacts.list", "args": {"company": company(number)}}]
        version = number // CLIENTS
        message = {"baseVersion": version, "newVersion": version + 1, "add": queries, "remove": [number - CLIENTS]}
        if number < CLIENTS:
            message["remove"] = []
        await connection.send(json.dumps({"type": "modifyQuerySet", **message}))
        await connection.recv()

    async def mutate(self, connection: ClientConnection, number: int) -> None:
        self.requests += 1
        await self._mutation(connection, "contacts.create", {"company": "other", "fullName": f"Ada {number}"})
        await _until(connection, b'{"type":"mutationResponse"')

    async def rename(self, connection: ClientConnection, number: int) -> None:
        await self._mutation(connection, "contacts.rename", {"company": company(0), "fullName": f"Aaron {number}"})
        await _until(connection, b'{"type":"mutationResponse"')

    async def _mutation(self, connection: ClientConnection, path: str, args: dict[str, Any]) -> None:
        self.requests += 1
        message = {"type": "mutation", "requestId": self.requests, "path": path, "args": args}
        await connection.send(json.dumps(message))

    async def watch(self, connection: ClientConnection, of: str) -> None:
        queries = [{"queryId": 1, "path": "contacts.list", "args": {"company": of}}]
        message = {"type": "modifyQuerySet", "baseVersion": 0, "newVersion": 1, "add": queries, "remove": []}
        await connection.send(json.dumps(message))
        await connection.recv()

    async def delivered(self, connection: ClientConnection) -> None:
        await _until(connection, b'{"type":"transition"')


@dataclass
class ByHand:
    """How the hand-written server is spoken to."""

    def http_queries(self, count: int) -> list[bytes]:
        return [_post("/contacts/list", {"company": company(number)}) for number in range(count)]

    def http_mutations(self, count: int, of: str) -> list[bytes]:
        bodies = [{"company": of, "full_name": f"Ada {number}"} for number in range(count)]
        return [_post("/contacts/create", body) for body in bodies]

    async def open(self, stack: AsyncExitStack, address: str) -> ClientConnection:
        return await stack.enter_async_context(_connect(f"{address}/live"))

    async def query(self, connection: ClientConnection, number: int) -> None:
        await connection.send(json.dumps({"op": "list", "company": company(number)}))
        await connection.recv()

    async def mutate(self, connection: ClientConnection, number: int) -> None:
        await connection.send(json.dumps({"op": "create", "company": "other", "full_name": f"Ada {number}"}))
        await _until(connection, b'{"id"')

    async def rename(self, connection: ClientConnection, number: int) -> None:
        await connection.send(json.dumps({"op": "rename", "company": company(0), "full_name": f"Aaron {number}"}))
        await _until(connection, b'{"id"')

    async def watch(self, connection: ClientConnection, of: str) -> None:
        await connection.send(json.dumps({"op": "watch", "company": of}))
        await connection.recv()

    async def delivered(self, connection: ClientConnection) -> None:
        await _until(connection, b"[")


def company(number: int) -> str:
    return f"company-{number % COMPANIES}"


async def _until(connection: ClientConnection, start: bytes) -> None:
    while not (await connection.recv(decode=False)).startswith(start):
        pass


def _connect(address: str) -> connect:
    return connect(address.replace("http", "ws"), compression=None, max_size=None, open_timeout=60, ping_interval=None)


def _post(path: str, body: dict[str, str]) -> bytes:
    content = json.dumps(body).encode()
    headers = f"host: localhost\r\ncontent-type: application/json\r\ncontent-length: {len(content)}\r\n"
    return f"POST {path} HTTP/1.1\r\n{headers}\r\n".encode() + content


def _requests(address: str) -> Callable[[list[bytes], int], Awaitable[None]]:
    """A function that sends requests over several connections, each waiting for its answer before the next."""
    host, _, port = address.removeprefix("http://").partition(":")

    async def one(requests: Iterator[bytes]) -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        for request in requests:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
            await reader.readexactly(int(length.partition(b":")[2]))
        writer.close()

    async def send(requests: list[bytes], clients: int) -> None:
        shared = iter(requests)
        await asyncio.gather(*(one(shared) for _ in range(clients)))

    return send


def _memory_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1048576


@contextmanager
def _running(server: str) -> Iterator[tuple[int, str]]:
    """A server process, and its address."""
    with tempfile.TemporaryDirectory(prefix="schemagen-bench-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.serve", server, folder], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        try:
            yield process.pid, process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait(30)
            process.stdout.close()


# --- the servers, each in a process of its own ---


async def serve_ours(folder: Path) -> None:
    from schemagen.engine.runtime import Runtime
    from schemagen.introspect import load
    from schemagen.serve.app import create_app
    from schemagen.serve.server import Server
    from schemagen.serve.settings import Settings

    (folder / "crm").mkdir()
    (folder / "crm" / "__init__.py").touch()
    (folder / "crm" / "contacts.py").write_text(BACKEND)
    backend = load(folder / "crm", folder)
    database = f"sqlite:///{folder / 'crm.db'}"
    runtime = Runtime.open(
        contract=backend.contract, functions=backend.functions, tables=backend.tables, database=database
    )
    server = Server(create_app(runtime, Settings(port=0, database=database)))
    running = asyncio.create_task(server.run())
    await server.listening.wait()
    print(server.address, flush=True)
    await running


class Contact(BaseModel):
    id: str
    created: float
    company: str
    full_name: str
    stage: str


class Wanted(BaseModel):
    company: str


class Created(BaseModel):
    company: str
    full_name: str


async def serve_by_hand(folder: Path) -> None:
    database = sqlite3.connect(folder / "crm.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    columns = "id TEXT PRIMARY KEY, created REAL, company TEXT, full_name TEXT, stage TEXT"
    database.execute(f"CREATE TABLE contacts ({columns})")
    database.execute("CREATE INDEX by_company ON contacts (company, full_name)")

    app = FastAPI()
    watching: dict[str, set[WebSocket]] = {}

    def select(company: str) -> list[Contact]:
        rows = database.execute(
            "SELECT id, created, company, full_name, stage FROM contacts WHERE company = ? ORDER BY full_name LIMIT 20",
            (company,),
        )
        names = ("id", "created", "company", "full_name", "stage")
        return [Contact(**dict(zip(names, row, strict=True))) for row in rows]

    def insert(company: str, full_name: str) -> str:
        contact_id = str(uuid4())
        database.execute("INSERT INTO contacts VALUES (?, ?, ?, ?, ?)", (contact_id, 0.0, company, full_name, "lead"))
        return contact_id

    def rename(company: str, full_name: str) -> str:
        found = database.execute("SELECT id FROM contacts WHERE company = ? LIMIT 1", (company,)).fetchone()
        database.execute("UPDATE contacts SET full_name = ? WHERE id = ?", (full_name, found[0]))
        return str(found[0])

    @app.post("/contacts/list")
    async def list_contacts(wanted: Wanted) -> list[Contact]:
        return select(wanted.company)

    @app.post("/contacts/create")
    async def create_contact(created: Created) -> str:
        contact_id = insert(created.company, created.full_name)
        await broadcast(created.company)
        return contact_id

    async def broadcast(company: str) -> None:
        if sockets := watching.get(company):
            rows = [contact.model_dump() for contact in select(company)]
            for each in list(sockets):
                await each.send_json(rows)

    @app.websocket("/live")
    async def live(client: WebSocket) -> None:
        await client.accept()
        company = ""
        try:
            while True:
                message = await client.receive_json()
                company = message["company"]
                if message["op"] in ("list", "watch"):
                    if message["op"] == "watch":
                        watching.setdefault(company, set()).add(client)
                    await client.send_json([contact.model_dump() for contact in select(company)])
                else:
                    change = insert if message["op"] == "create" else rename
                    contact_id = change(company, message["full_name"])
                    await broadcast(company)
                    await client.send_json({"id": contact_id})
        except WebSocketDisconnect:
            watching.get(company, set()).discard(client)

    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(app, log_config=None, access_log=False, ws_per_message_deflate=False)
    await uvicorn.Server(config).serve([listener])


if __name__ == "__main__":
    if len(sys.argv) == 3:
        asyncio.run({"ours": serve_ours, "by_hand": serve_by_hand}[sys.argv[1]](Path(sys.argv[2])))
    else:
        main()
