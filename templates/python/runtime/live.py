"""Live results for blocking code: one socket and one reader thread per client, however many queries are watched."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
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


class LiveConnection:
    """Connects when the first query is watched, reconnects while there is one, and stops when there is none."""

    def __init__(self, calls: Calls, settings: Settings) -> None:
        self.calls = calls
        self.settings = settings
        self.state = LiveState(calls.contract, client=settings.client.to_json())
        self.changed = threading.Condition()
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
        self._socket: Any = None
        self._thread: threading.Thread | None = None

    def watch(self, path: str, arguments: str) -> int:
        with self.changed:
            if self.closing:
                raise ConnectionFailed("the client is closed")
            query_id, watchers = self.shared.get((path, arguments), (0, 0))
            if not watchers:
                query_id, frames = self.state.watch(path, arguments)
                self._send(frames)
            self.shared[path, arguments] = (query_id, watchers + 1)
            if self._thread is None:
                self.failure = None
                self._thread = threading.Thread(target=self._run, name="schemagen-live", daemon=True)
                self._thread.start()
            return query_id

    def unwatch(self, path: str, arguments: str) -> None:
        with self.changed:
            query_id, watchers = self.shared.get((path, arguments), (0, 0))
            if watchers > 1:
                self.shared[path, arguments] = (query_id, watchers - 1)
            elif watchers == 1:
                del self.shared[path, arguments]
                self.results.pop(query_id, None)
                self.versions.pop(query_id, None)
                self._send(self.state.unwatch(query_id))

    def close(self) -> None:
        with self.changed:
            self.closing = True
            socket, thread = self._socket, self._thread
            self.changed.notify_all()
        if socket is not None:
            socket.close()
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout=10)

    def _run(self) -> None:
        attempt = 0
        while not self._is_done():
            try:
                self._connection()
            except (OSError, TimeoutError, _websocket_errors()) as error:
                self._lost(error)
            except SchemagenError as error:
                self._fail(error)
            except Exception as error:  # a token function of the user's, or a frame that is none
                self._fail(ConnectionFailed(f"live results stopped: {type(error).__name__}: {error}"))
            attempt = 1 if self.state.synced else attempt + 1
            with self.changed:
                self.state.closed()
                self._socket = None
                if not self.closing and self.failure is None and self.shared:
                    self.changed.wait_for(lambda: self.closing, timeout=reconnect_delay_s(attempt, random.random()))

    def _is_done(self) -> bool:
        """Under the lock, so that a query watched at this moment finds either a living thread or none."""
        with self.changed:
            if self.closing or self.failure is not None or not self.shared:
                self._thread = None
                return True
            return False

    def _connection(self) -> None:
        from websockets.sync.client import connect

        token = self.settings.token_now(renew=False)
        with connect(socket_url(self.settings.url), max_size=None, ping_interval=None) as socket:
            with self.changed:
                self._socket = socket
                self._send(self.state.opened(token))
            asked = renewed = False
            while True:
                with self.changed:
                    if self.closing or not self.shared:
                        return
                try:
                    frame = socket.recv(timeout=PONG_S if asked else PING_S)
                except TimeoutError:
                    if asked:
                        raise
                    socket.send('{"type":"ping"}')
                    asked = True
                    continue
                asked = False
                for news in self._take(frame):
                    match news:
                        case TokenRefused(error):
                            if renewed or not callable(self.settings.token):
                                raise self.calls.failure(error)
                            renewed = True
                            token = self.settings.token_now(renew=True)
                            with self.changed:
                                self._send(self.state.authenticate(token))
                        case Broken(reason):
                            self.lost_reason = reason
                            return
                        case TokenTaken():
                            renewed = False
                        case Fatal(error):
                            self.fatal = self.calls.failure(error)

    def _take(self, frame: str | bytes) -> list[TokenRefused | TokenTaken | Broken | Fatal]:
        rest: list[TokenRefused | TokenTaken | Broken | Fatal] = []
        with self.changed:
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
            self.changed.notify_all()
        return rest

    def _send(self, frames: list[str]) -> None:
        if self._socket is not None:
            for frame in frames:
                try:
                    self._socket.send(frame)
                except _websocket_errors():  # the reader notices too, and connects anew
                    return

    def _lost(self, error: Exception) -> None:
        self.lost_reason = f"{type(error).__name__}: {error}"
        if close_code(error) == CLOSE_UNSUPPORTED:
            self._fail(self.fatal or ConnectionFailed(self.lost_reason))
        self.fatal = None

    def _fail(self, error: SchemagenError) -> None:
        with self.changed:
            self.failure = error
            self.changed.notify_all()


class LiveResult:
    """One watched query. Each loop over it watches by itself, and stops watching when it is left."""

    def __init__(self, connection: LiveConnection, shape: Shape, arguments: dict[str, Any]) -> None:
        self._connection = connection
        self._shape = shape
        self._arguments = json.dumps(arguments, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def __iter__(self) -> Iterator[Any]:
        connection = self._connection
        query_id = connection.watch(self._shape.path, self._arguments)
        seen = 0
        try:
            while (news := self._next(query_id, seen)) is not None:
                seen, updated = news
                if updated.error is not None:
                    raise connection.calls.failure(updated.error)
                yield self._shape.decode(updated.value)
        finally:
            connection.unwatch(self._shape.path, self._arguments)

    def _next(self, query_id: int, seen: int) -> tuple[int, Updated] | None:
        """The result after version `seen`, or None when the client is closed; what changed meanwhile is skipped."""
        connection = self._connection
        first_s = connection.settings.timeout_s if seen == 0 else None
        with connection.changed:
            arrived = connection.changed.wait_for(
                lambda: (
                    connection.closing or connection.failure is not None or connection.versions.get(query_id, 0) > seen
                ),
                timeout=first_s,
            )
            if connection.versions.get(query_id, 0) > seen:
                return connection.versions[query_id], connection.results[query_id]
            if connection.failure is not None:
                raise connection.failure
            if not arrived:
                raise TimedOut(f"{self._shape.path}: no result within {first_s:g} s ({connection.lost_reason})")
            return None


def _websocket_errors() -> type[Exception]:
    from websockets.exceptions import WebSocketException

    return WebSocketException
