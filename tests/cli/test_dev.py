"""`schemagen dev`: a save rebuilds and swaps, clients stay connected, a mistake changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from tests.cli.project import Project
from tests.cli.running import running

pytestmark = pytest.mark.slow

HELLO = """
    from schemagen import QueryCtx, query

    @query
    async def hello(ctx: QueryCtx) -> str:
        return "one"
"""


@contextmanager
def watching(address: str, path: str) -> Iterator[ClientConnection]:
    """A live query on a socket of its own, in the words of docs/protocol.md."""
    with connect(address.replace("http", "ws") + "/api/sync") as socket:
        hello = {"protocol": 1, "session": str(uuid4()), "lastTs": 0, "contract": "", "token": None}
        socket.send(json.dumps({"type": "connect", **hello}))
        add = [{"queryId": 1, "path": path, "args": {}}]
        socket.send(json.dumps({"type": "modifyQuerySet", "baseVersion": 0, "newVersion": 1, "add": add, "remove": []}))
        yield socket


def next_value(socket: ClientConnection) -> Any:
    """The next result of the watched query."""
    while True:
        message = json.loads(socket.recv(timeout=60))
        assert message["type"] in ("connected", "transition"), message
        for change in message.get("changes", ()):
            return change["value"]


def call(address: str, path: str) -> Any:
    return httpx.post(f"{address}/api/query/{path}").json()["value"]


def test_a_save_swaps_the_code_under_a_live_client_and_a_mistake_does_not(project: Project) -> None:
    hello = project.write("shop_backend/greeting.py", HELLO)
    with running("dev", "--port", "0", cwd=project.folder) as dev:
        address = dev.address()
        assert "hello" in (project.folder / "generated" / "contract.json").read_text()
        with watching(address, "greeting.hello") as socket:
            assert next_value(socket) == "one"

            project.edit("shop_backend/greeting.py", '"one"', '"two"')
            assert next_value(socket) == "two"

            project.edit("shop_backend/greeting.py", "-> str", "->")
            dev.wait_for(r"shop_backend/greeting.py:\d+:\d+: error")
            dev.wait_for("the last good version goes on serving")
            assert call(address, "greeting.hello") == "two"
            assert "Traceback" not in dev.said

            project.edit("shop_backend/greeting.py", "->", "-> str")
            project.edit("shop_backend/greeting.py", '"two"', '"three"')
            assert next_value(socket) == "three"

            hello.write_text(hello.read_text() + "\n\n@query\nasync def bye(ctx: QueryCtx) -> str:\n    return 'bye'\n")
            dev.wait_for("built 7 functions")
            dev.wait_for("reloaded shop_backend")
            assert call(address, "greeting.bye") == "bye"
            assert "bye" in (project.folder / "generated" / "contract.json").read_text()
        assert dev.interrupt() == 0


def test_a_schema_that_stored_documents_do_not_fit_leaves_the_last_good_version_serving(project: Project) -> None:
    with running("dev", "--port", "0", "--no-build", cwd=project.folder) as dev:
        address = dev.address()
        made = httpx.post(f"{address}/api/mutation/tasks.create", json={"title": "Write it down"})
        assert made.status_code == 200, made.text
        project.edit("shop_backend/schema.py", "done: bool = False", "done: bool = False\n    owner: str")
        dev.wait_for(r"error\[database_misfit\]")
        dev.wait_for("the last good version goes on serving")
        assert [task["title"] for task in call(address, "tasks.list")] == ["Write it down"]
        assert not (project.folder / "generated").exists()


def test_it_waits_for_a_backend_that_is_wrong_from_the_start(project: Project) -> None:
    project.edit("shop_backend/schema.py", 'index("done")', 'index("dnoe")')
    with running("dev", "--port", "0", cwd=project.folder) as dev:
        dev.wait_for(r"error\[index_unknown_field\]")
        dev.wait_for("waiting for shop_backend to change")
        project.edit("shop_backend/schema.py", 'index("dnoe")', 'index("done")')
        assert call(dev.address(), "tasks.list") == []


def test_files_that_the_backend_imports_are_watched_too(project: Project) -> None:
    project.write("greetings_of_shop.py", 'HELLO = "one"\n')
    project.write("shop_backend/greeting.py", HELLO.replace('"one"', "greetings_of_shop.HELLO"))
    project.edit("shop_backend/greeting.py", "from schemagen", "import greetings_of_shop\nfrom schemagen")
    with running("dev", "--port", "0", cwd=project.folder) as dev, watching(dev.address(), "greeting.hello") as socket:
        assert next_value(socket) == "one"
        project.edit("greetings_of_shop.py", "one", "two")
        assert next_value(socket) == "two"
