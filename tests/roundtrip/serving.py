"""A real server of a backend on a free port, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from schemagen.engine.runtime import Runtime
from schemagen.introspect import Backend
from schemagen.serve.app import create_app
from schemagen.serve.server import Server
from schemagen.serve.settings import Settings


@contextmanager
def serving(backend: Backend) -> Iterator[str]:
    """The address; the database is in memory."""
    ready = threading.Event()
    found: list[tuple[Server, asyncio.AbstractEventLoop]] = []

    async def serve() -> None:
        runtime = Runtime.open(
            contract=backend.contract, functions=backend.functions, tables=backend.tables, database="sqlite://"
        )
        server = Server(create_app(runtime, Settings(database="sqlite://", port=0)), handle_signals=False)
        running = asyncio.create_task(server.run())
        await server.listening.wait()
        found.append((server, asyncio.get_running_loop()))
        ready.set()
        await running

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(30), "the server did not start"
    server, loop = found[0]
    try:
        yield server.address
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join(20)
