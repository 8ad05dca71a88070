"""A real server on a real port, and the smallest clients that speak to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect

from schemagen.engine.runtime import Runtime
from schemagen.introspect import Backend, load
from schemagen.serve.app import create_app
from schemagen.serve.auth import mint_token
from schemagen.serve.server import Server
from schemagen.serve.settings import Settings
from tests.sync.holding import Holding

SECRET = "0123456789abcdef" * 2
SETTINGS = Settings(auth_secret=SECRET, database="sqlite://", port=0)

Message: TypeAlias = dict[str, Any]


@cache
def notebook() -> Backend:
    here = Path(__file__).parent
    return load(here / "notebook", here.parents[1])


def open_runtime(database: str = "sqlite://") -> Runtime:
    backend = notebook()
    return Runtime.open(
        contract=backend.contract, functions=backend.functions, tables=backend.tables, database=database
    )


@asynccontextmanager
async def serving(database: str = "sqlite://", **settings: Any) -> AsyncIterator[Server]:
    """A server of the notebook on a free port, stopped at the end."""
    chosen = {"auth_secret": SECRET, "port": 0, "database": database, **settings}
    server = Server(create_app(open_runtime(database), Settings(**chosen)), handle_signals=False)
    running = asyncio.create_task(server.run())
    listening = asyncio.create_task(server.listening.wait())
    await asyncio.wait([running, listening], return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        await running
    try:
        yield server
    finally:
        server.stop()
        await running


def http(server: Server) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=server.address, timeout=10)


async def call(client: httpx.AsyncClient, kind: str, path: str, /, token: str | None = None, **args: Any) -> Any:
    """The value of a call that succeeds."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    response = await client.post(f"/api/{kind}/{path}", json=args, headers=headers)
    assert response.status_code == 200, response.text
    return response.json()["value"]


def token(subject: str, **options: Any) -> str:
    return mint_token(SETTINGS, subject, **options)


class Socket:
    """One connection that has said `connect`; counts versions and requests as a client does."""

    def __init__(self, connection: ClientConnection, session: str, holding: Holding | None = None) -> None:
        self.connection = connection
        self.session = session
        self.holding = holding or Holding()
        """What it holds by digest, if it asked for digests."""
        self.query_set = 0
        self.identity = 0
        self.version = (0, 0, 0)
        """Query set, identity and ts after the last transition received."""
        self.results: dict[int, Any] = {}

    async def send(self, type_: str, **fields: Any) -> None:
        await self.connection.send(json.dumps({"type": type_, **fields}))

    async def receive(self, seconds: float = 10) -> Message:
        """The next message; transitions are applied, and checked to be gapless."""
        message: Message = json.loads(await asyncio.wait_for(self.connection.recv(), seconds))
        if message["type"] == "transition":
            assert stand(message["start"]) == self.version
            self.version = stand(message["end"])
            for change in message["changes"]:
                self.results[change["queryId"]] = self.holding.take(change)
        return message

    async def next(self, type_: str) -> Message:
        """The next message, which is of this type."""
        message = await self.receive()
        assert message["type"] == type_, message
        return message

    async def silence(self, seconds: float = 0.3) -> None:
        """Nothing comes for a while; and nothing was on its way, for the pong is the very next message."""
        await asyncio.sleep(seconds)
        await self.send("ping")
        await self.next("pong")

    async def modify(self, add: list[tuple[int, str, Message]], remove: list[int] | None = None) -> None:
        queries = [{"queryId": q, "path": path, "args": args, **self.holding.digest(q)} for q, path, args in add]
        base = self.query_set
        self.query_set += 1
        await self.send("modifyQuerySet", baseVersion=base, newVersion=base + 1, add=queries, remove=remove or [])

    async def watch(self, query_id: int, path: str, **args: Any) -> Any:
        """Watch one more query; gives its first result."""
        await self.modify([(query_id, path, args)])
        await self.next("transition")
        return self.results[query_id]

    async def authenticate(self, token: str | None) -> None:
        base = self.identity
        self.identity += 1
        await self.send("authenticate", baseVersion=base, newVersion=base + 1, token=token)

    async def mutate(self, request_id: int, path: str, **args: Any) -> None:
        await self.send("mutation", requestId=request_id, path=path, args=args)


def stand(version: dict[str, int]) -> tuple[int, int, int]:
    return version["querySet"], version["identity"], version["ts"]


@asynccontextmanager
async def socket(
    server: Server,
    token: str | None = None,
    session: str | None = None,
    holding: Holding | None = None,
    **options: Any,
) -> AsyncIterator[Socket]:
    """A connection to `/api/sync` on which `connected` was received. It takes digests if it is given what it holds."""
    async with connect(server.address.replace("http", "ws") + "/api/sync", max_size=None, **options) as connection:
        opened = Socket(connection, session or str(uuid4()), holding)
        hello = {"protocol": 1, "session": opened.session, "lastTs": 0, "contract": "", "token": token}
        await opened.send("connect", **hello, **({} if holding is None else {"digests": True}))
        connected = await opened.next("connected")
        opened.version = (0, 0, connected["ts"])
        yield opened
