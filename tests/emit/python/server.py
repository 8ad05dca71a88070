"""Servers for the SDK's runtime: the real one, and one that answers as it is told."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from schemagen.engine.runtime import Runtime
from schemagen.introspect import Backend
from schemagen.serve.app import create_app
from schemagen.serve.server import Server
from schemagen.serve.settings import Settings

SECRET = "0123456789abcdef" * 2


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@dataclass
class Running:
    """A server in a thread of its own."""

    address: str
    runtime: Runtime


@contextmanager
def serving(backend: Backend, database: str = "sqlite://", port: int = 0) -> Iterator[Running]:
    """The real server, stopped in good order at the end."""
    started: list[Running] = []
    ready, finish = threading.Event(), threading.Event()

    async def run() -> None:
        runtime = Runtime.open(
            contract=backend.contract, functions=backend.functions, tables=backend.tables, database=database
        )
        settings = Settings(auth_secret=SECRET, database=database, port=port)
        server = Server(create_app(runtime, settings), handle_signals=False)
        task = asyncio.create_task(server.run())
        listening = asyncio.create_task(server.listening.wait())
        await asyncio.wait([task, listening], return_when=asyncio.FIRST_COMPLETED)
        started.append(Running(server.address, runtime))
        ready.set()
        await asyncio.to_thread(finish.wait)
        server.stop()
        await task

    def start() -> None:
        try:
            asyncio.run(run())
        finally:
            ready.set()

    thread = threading.Thread(target=start, name="server")
    thread.start()
    try:
        assert ready.wait(20), "the server did not start"
        yield started[0]
    finally:
        finish.set()
        thread.join(20)


@dataclass
class Answer:
    """What the scripted server does with a request: answers, or hangs up without a word."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    hang_up: bool = False


@dataclass
class Scripted:
    """A server that gives its answers in order and keeps the requests."""

    answers: list[Answer]
    address: str = ""
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)

    @property
    def keys(self) -> list[str | None]:
        return [headers.get("idempotency-key") for _, headers, _ in self.requests]


@contextmanager
def scripted(*answers: Answer) -> Iterator[Scripted]:
    script = Scripted(list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            script.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, json.loads(body)))
            answer = script.answers.pop(0)
            if answer.hang_up:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            payload = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {**answer.headers, "content-length": str(len(payload))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    script.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def value(of: Any) -> Answer:
    return Answer(200, {"value": of, "ts": 1})


def error(status: int, kind: str, code: str = "", **more: Any) -> Answer:
    headers: dict[str, str] = more.pop("headers", {})
    return Answer(status, {"error": {"kind": kind, "code": code or kind, "message": f"no: {kind}", **more}}, headers)
