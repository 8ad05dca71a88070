"""How the two servers are spoken to: ours, and the one written by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect

COMPANIES: Final = 64
"""More than there are clients: no two of them ask the same at the same time."""

CLIENTS: Final = 32
"""Connections that call at the same time."""


class Face(Protocol):
    """One way to ask for the same work."""

    def http_queries(self, count: int) -> list[bytes]: ...

    def http_mutations(self, count: int, of: str) -> list[bytes]: ...

    async def open(self, stack: AsyncExitStack, address: str) -> ClientConnection: ...

    async def query(self, connection: ClientConnection, number: int) -> None: ...

    async def mutate(self, connection: ClientConnection, number: int) -> None: ...

    async def rename(self, connection: ClientConnection, number: int) -> None: ...

    async def watch(self, connection: ClientConnection, companies: list[str]) -> None:
        """Watch the contacts of companies, on a connection that watches nothing yet."""
        ...


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

    async def watch(self, connection: ClientConnection, companies: list[str]) -> None:
        named = enumerate(companies, 1)
        queries = [{"queryId": n, "path": "contacts.list", "args": {"company": name}} for n, name in named]
        message = {"type": "modifyQuerySet", "baseVersion": 0, "newVersion": 1, "add": queries, "remove": []}
        await connection.send(json.dumps(message))
        await connection.recv()


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

    async def watch(self, connection: ClientConnection, companies: list[str]) -> None:
        for name in companies:
            await connection.send(json.dumps({"op": "watch", "company": name}))
            await connection.recv()


FACES: Final[dict[str, Callable[[], Face]]] = {"ours": Ours, "by_hand": ByHand}
"""By the name of the server."""


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


def requests_to(address: str) -> Callable[[list[bytes], int], Awaitable[None]]:
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
