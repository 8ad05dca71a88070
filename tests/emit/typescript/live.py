"""A real server of the board, and the package generated for it, installed in a project."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from schemagen.engine.runtime import Runtime
from schemagen.introspect import Backend, load
from schemagen.serve.app import create_app
from schemagen.serve.auth import mint_token
from schemagen.serve.server import Server
from schemagen.serve.settings import Settings
from tests.emit.typescript.project import REPOSITORY

SECRET = "0123456789abcdef" * 2


@cache
def board() -> Backend:
    return load(Path(__file__).parent / "board", REPOSITORY)


def token(subject: str) -> str:
    return mint_token(Settings(auth_secret=SECRET), subject)


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server on a free port, with a database of its own in memory."""
    found: list[Server] = []
    ready = threading.Event()

    async def serve() -> None:
        backend = board()
        runtime = Runtime.open(
            contract=backend.contract, functions=backend.functions, tables=backend.tables, database="sqlite://"
        )
        settings = Settings(auth_secret=SECRET, database="sqlite://", port=0)
        server = Server(create_app(runtime, settings), handle_signals=False)
        running = asyncio.create_task(server.run())
        await server.listening.wait()
        found.append(server)
        loops.append(asyncio.get_running_loop())
        ready.set()
        await running

    loops: list[asyncio.AbstractEventLoop] = []
    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(20), "the server did not start"
    try:
        yield found[0].address
    finally:
        loops[0].call_soon_threadsafe(found[0].stop)
        thread.join(20)
