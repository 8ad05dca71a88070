"""Live results for asyncio: one socket and one reader task per client, however many queries are watched."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from typing import Any

from .calls import Calls
from .errors import ConnectionFailed, SchemagenError, TimedOut
from .live_state import (
    CLOSE_UNSUPPORTED,
    PING_S,
    PONG_S,
    Broken,
    Fatal,
    LiveState,
    Met,
    TokenRefused,
    TokenTaken,
    Updated,
    close_code,
    reconnect_delay_s,
    socket_url,
)
from .settings import Settings
from .shapes import Shape


class AsyncLiveConnection:
    """Connects when the first query is watched, reconnects while there is one, and stops when there is none."""

    def __init__(self, calls: Calls, settings: Settings) -> None:
        self.calls = calls
        self.settings = settings
        self.state = LiveState(calls.contract, client=settings.client.to_json())
        self.results: dict[int, Updated] = {}
        """The last news of each watched query."""
        self.versions: dict[int, int] = {}
        """How often each watched query has changed."""
        self.shared: dict[tuple[str, str], tuple[int, int]] = {}
        """Path and arguments → query id, and how many watch it."""
        self.failure: SchemagenError | None = None
        self.lost_reason = "not connected yet"
        self.fatal: SchemagenError | None = None
        """What the server said before it closed the connection."""
        self.closing = False
        self._changed = asyncio.Event()
        self._socket: Any = None
        self._task: asyncio.Task[None] | None = None

    async def watch(self, path: str, arguments: str) -> int:
        if self.closing:
            raise ConnectionFailed("the client is closed")
        query_id, watchers = self.shared.get((path, arguments), (0, 0))
        frames: list[str] = []
        if not watchers:
            query_id, frames = self.state.watch(path, arguments)
        self.shared[path, arguments] = (query_id, watchers + 1)
        if self._task is None:
            self.failure = None
            self._task = asyncio.create_task(self._run(), name="schemagen-live")
        await self._send(frames)
        return query_id

    async def unwatch(self, path: str, arguments: str) -> None:
        query_id, watchers = self.shared.get((path, arguments), (0, 0))
        if watchers > 1:
            self.shared[path, arguments] = (query_id, watchers - 1)
        elif watchers == 1:
            del self.shared[path, arguments]
            self.results.pop(query_id, None)
            self.versions.pop(query_id, None)
            await self._send(self.state.unwatch(query_id))

    async def close(self) -> None:
        self.closing = True
        self._notify()
        if self._socket is not None:
            await self._socket.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def changed(self) -> None:
        """Wait for any news."""
        await self._changed.wait()

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _run(self) -> None:
        from websockets.exceptions import WebSocketException

        attempt = 0
        try:
            while not self.closing and self.failure is None and self.shared:
                try:
                    await self._connection()
                except (OSError, TimeoutError, WebSocketException) as error:
                    self._lost(error)
                except SchemagenError as error:
                    self._fail(error)
                except Exception as error:  # a token function of the user's, or a frame that is none
                    self._fail(ConnectionFailed(f"live results stopped: {type(error).__name__}: {error}"))
                attempt = 1 if self.state.synced else attempt + 1
                self.state.closed()
                self._socket = None
                if not self.closing and self.failure is None and self.shared:
                    await asyncio.sleep(reconnect_delay_s(attempt, random.random()))
        finally:
            self._task = None

    async def _connection(self) -> None:
        from websockets.asyncio.client import connect

        token = await self.settings.token_soon(renew=False)
        async with connect(socket_url(self.settings.url), max_size=None, ping_interval=None) as socket:
            self._socket = socket
            await self._send(self.state.opened(token))
            asked = renewed = False
            while self.shared and not self.closing:
                try:
                    frame = await asyncio.wait_for(socket.recv(), PONG_S if asked else PING_S)
                except TimeoutError:
                    if asked:
                        raise
                    await socket.send('{"type":"ping"}')
                    asked = True
                    continue
                asked = False
                for news in self._take(frame):
                    match news:
                        case TokenRefused(error):
                            if renewed or not callable(self.settings.token):
                                raise self.calls.failure(error)
                            renewed = True
                            await self._send(self.state.authenticate(await self.settings.token_soon(renew=True)))
                        case Broken(reason):
                            self.lost_reason = reason
                            return
                        case TokenTaken():
                            renewed = False
                        case Fatal(error):
                            self.fatal = self.calls.failure(error)

    def _take(self, frame: str | bytes) -> list[TokenRefused | TokenTaken | Broken | Fatal]:
        rest: list[TokenRefused | TokenTaken | Broken | Fatal] = []
        for news in self.state.received(frame):
            if isinstance(news, Updated):
                if self.results.get(news.query_id) == news:
                    continue  # what a new connection brings again
                self.results[news.query_id] = news
                self.versions[news.query_id] = self.versions.get(news.query_id, 0) + 1
            elif isinstance(news, Met):
                self.calls.fit.met(news.contract, news.outdated)
            else:
                rest.append(news)
        self._notify()
        return rest

    async def _send(self, frames: list[str]) -> None:
        from websockets.exceptions import WebSocketException

        if (socket := self._socket) is None:
            return
        for frame in frames:
            try:
                await socket.send(frame)
            except WebSocketException:  # the reader notices too, and connects anew
                return

    def _lost(self, error: Exception) -> None:
        self.lost_reason = f"{type(error).__name__}: {error}"
        if close_code(error) == CLOSE_UNSUPPORTED:
            self._fail(self.fatal or ConnectionFailed(self.lost_reason))
        self.fatal = None

    def _fail(self, error: SchemagenError) -> None:
        self.failure = error
        self._notify()


class AsyncLiveResult:
    """One watched query. Each loop over it watches by itself, and stops watching when it is left."""

    def __init__(self, connection: AsyncLiveConnection, shape: Shape, arguments: dict[str, Any]) -> None:
        self._connection = connection
        self._shape = shape
        self._arguments = json.dumps(arguments, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    async def __aiter__(self) -> AsyncIterator[Any]:
        connection = self._connection
        query_id = await connection.watch(self._shape.path, self._arguments)
        seen = 0
        try:
            while (news := await self._next(query_id, seen)) is not None:
                seen, updated = news
                if updated.error is not None:
                    raise connection.calls.failure(updated.error)
                yield self._shape.decode(updated.value)
        finally:
            await connection.unwatch(self._shape.path, self._arguments)

    async def _next(self, query_id: int, seen: int) -> tuple[int, Updated] | None:
        """The result after version `seen`, or None when the client is closed; what changed meanwhile is skipped."""
        connection = self._connection
        first_s = connection.settings.timeout_s if seen == 0 else None
        try:
            async with asyncio.timeout(first_s):
                while connection.versions.get(query_id, 0) <= seen:
                    if connection.failure is not None:
                        raise connection.failure
                    if connection.closing:
                        return None
                    await connection.changed()
        except TimeoutError:
            raise TimedOut(f"{self._shape.path}: no result within {first_s:g} s ({connection.lost_reason})") from None
        return connection.versions[query_id], connection.results[query_id]
