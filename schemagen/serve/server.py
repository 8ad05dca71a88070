"""The web server: uvicorn, started and stopped by us."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from schemagen.engine.runtime import Runtime
from schemagen.serve import event_loop
from schemagen.serve.app import App
from schemagen.serve.logs import configure_logs
from schemagen.serve.settings import Settings
from schemagen.serve.websocket import ABORT

if TYPE_CHECKING:
    from websockets.http11 import Request

PING_SECONDS: Final = 20.0
"""How often the server pings a quiet WebSocket, and how long it waits for the answer."""

FRAMES_AHEAD: Final = 16
FRAME_AHEAD_BYTES: Final = 4096
"""So many frames of a connection, none of them longer, are read before the first is looked at."""

log = logging.getLogger("schemagen")


class Server:
    """One listening server. `run()` it in a task, or let `serve()` do all of it."""

    def __init__(
        self, app: App, *, host: str | None = None, port: int | None = None, handle_signals: bool = True
    ) -> None:
        """Serving and port are those of the app's settings unless given here."""
        self.app = app
        self.host = app.settings.host if host is None else host
        self.port = app.settings.port if port is None else port
        self.handle_signals = handle_signals
        self.address = ""
        """`http://127.0.0.1:8000`, once it listens."""
        self.listening = asyncio.Event()
        self._uvicorn = _Uvicorn(_config(app, app.settings))

    async def run(self) -> None:
        """Listen until SIGTERM, SIGINT or `stop()`; then let go in good order: no new connections, sockets closed with
        1012 so that clients connect again, running requests and mutations finished, the engine closed.

        Raises OSError if the address cannot be had.
        """
        try:
            listener = _listen(self.host, self.port)
        except OSError:
            await self.app.serving.close()
            raise
        host, port = listener.getsockname()[:2]
        self.address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        with self._signals():
            serving = asyncio.create_task(self._uvicorn.serve([listener]))
            try:
                await self._uvicorn.ready.wait()
                functions = len(self.app.serving.functions.kinds)
                log.info("serving %d functions at %s from %s", functions, self.address, self.app.settings.database)
                self.listening.set()
            finally:
                await serving

    def stop(self) -> None:
        """Begin to let go; `run()` returns when that is done."""
        self._uvicorn.should_exit = True
        self._uvicorn.stopping.set()

    async def swap(self, open_runtime: Callable[[], Runtime]) -> None:
        """Let another engine take over; connections stay open, live queries are asked anew. See `Serving.swap`."""
        await self.app.serving.swap(open_runtime)

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """A second SIGINT or SIGTERM does not wait for running requests any more."""
        if not self.handle_signals:
            yield
            return
        loop = asyncio.get_running_loop()
        signals = (signal.SIGINT, signal.SIGTERM)
        for number in signals:
            loop.add_signal_handler(number, self._interrupted)
        try:
            yield
        finally:
            for number in signals:
                loop.remove_signal_handler(number)

    def _interrupted(self) -> None:
        if self._uvicorn.should_exit:
            self._uvicorn.force_exit = True
        else:
            log.info("stopping")
        self.stop()


def serve(app: App, host: str | None = None, port: int | None = None) -> None:
    """Serve until SIGTERM or SIGINT; comes back when everything is closed. Logs as the app's settings say."""
    configure_logs(app.settings)
    event_loop.run(Server(app, host=host, port=port).run())


class _Uvicorn(uvicorn.Server):
    """Says when it listens, and leaves signals to us."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.stopping = asyncio.Event()

    async def main_loop(self) -> None:
        """Keeps the date header current, and wakes at once when it is time to stop."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), 1)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _WebSocketProtocol(WebSocketsSansIOProtocol):
    """Gives the application a way to cut off a client that takes no data: closing would wait for it."""

    def send_receive_event_to_app(self) -> None:
        """Some small frames are read ahead: pausing at each of them would cost two system calls."""
        if self.queue.qsize() >= FRAMES_AHEAD or sum(map(len, self.frames)) > FRAME_AHEAD_BYTES:
            return super().send_receive_event_to_app()
        paused, self.read_paused = self.read_paused, True
        super().send_receive_event_to_app()
        self.read_paused = paused
        return None

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if hasattr(self, "scope"):  # the handshake was in order
            self.scope["extensions"] = {**(self.scope["extensions"] or {}), ABORT: self.transport.abort}  # type: ignore[dict-item]


def _config(app: App, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        server_header=False,
        proxy_headers=False,
        ws=_WebSocketProtocol,
        ws_max_size=settings.max_frame_bytes,
        ws_per_message_deflate=settings.compression,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        timeout_graceful_shutdown=max(1, round(settings.shutdown_seconds)),
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, because asyncio turns off the delay of small packets only for sockets that say they are TCP.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise OSError(error.errno, f"cannot listen on {host}:{port}: {error.strerror}") from None
    return listener
