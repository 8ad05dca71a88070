"""`GET /api/clients`: who was seen alive, what they call, and what of that outlives the server."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from websockets.asyncio.client import connect

from schemagen.model.canonical import fingerprint, from_json
from schemagen.serve import callers
from schemagen.serve.server import Server
from tests.conftest import ROOT
from tests.serve.harness import Socket, http, notebook, serving

CONTRACT = fingerprint(notebook().contract)


async def clients(server: Server, **headers: str) -> Any:
    async with http(server) as client:
        response = await client.get("/api/clients", headers=headers)
    assert response.status_code == 200, response.text
    return response.json()


def names(listed: Any) -> dict[tuple[str, str, str, str], dict[str, int]]:
    """What each kind of client called."""
    return {
        (each["contract"], each["language"], each["name"], each["version"]): {
            use["path"]: use["calls"] for use in each["functions"]
        }
        for each in listed["clients"]
    }


async def post(server: Server, kind: str, path: str, args: Any = None, **headers: str) -> Any:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with http(server) as client:
        return await client.post(f"/api/{kind}/{path}", json=args or {}, headers=sent)


async def greeted(server: Server, contract: str, connection: Any, **client: str) -> Socket:
    socket = Socket(connection, str(uuid4()))
    said = {"client": client} if client else {}
    await socket.send("connect", protocol=1, session=socket.session, lastTs=0, contract=contract, token=None, **said)
    connected = await socket.next("connected")
    socket.version = (0, 0, connected["ts"])
    return socket


def address(server: Server) -> str:
    return server.address.replace("http", "ws") + "/api/sync"


def test_calls_are_counted_by_client_over_both_doors() -> None:
    async def main() -> None:
        async with serving() as server, connect(address(server)) as connection:
            socket = await greeted(server, CONTRACT, connection, language="typescript", name="mobile", version="3.2.0")
            await socket.watch(1, "notes.count")
            await socket.mutate(1, "notes.tick")
            while (await socket.receive())["type"] != "mutationResponse":
                pass
            await socket.send("action", requestId=1, path="notes.wait", args={"seconds": 0})
            await socket.next("actionResponse")
            for _ in range(3):
                who = {"schemagen_contract": CONTRACT, "schemagen_client": "python/back%2Foffice/1"}
                assert (await post(server, "query", "notes.count", **who)).status_code == 200
            assert (await post(server, "query", "notes.count")).status_code == 200
            assert (await post(server, "query", "notes.nothing")).status_code == 404
            listed = await clients(server)
            assert listed["fingerprint"] == CONTRACT
            assert names(listed) == {
                (CONTRACT, "typescript", "mobile", "3.2.0"): {"notes.count": 1, "notes.tick": 1, "notes.wait": 1},
                (CONTRACT, "python", "back/office", "1"): {"notes.count": 3},
                ("", "", "", ""): {"notes.count": 1},
            }
            [contract] = listed["contracts"]
            assert from_json(json.dumps(contract["contract"])) == notebook().contract.public

    asyncio.run(main())


def test_what_was_seen_outlives_the_server(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'app.db'}"

    async def main() -> None:
        who = {"schemagen_contract": CONTRACT, "schemagen_client": "python/worker/1"}
        async with serving(database) as server:
            await post(server, "mutation", "notes.tick", **who)
            before = await clients(server)
        async with serving(database) as server:
            assert (await clients(server))["clients"] == before["clients"]
            await post(server, "mutation", "notes.tick", **who)
            after = await clients(server)
            assert names(after) == {(CONTRACT, "python", "worker", "1"): {"notes.tick": 2}}
            assert after["clients"][0]["firstSeen"] == before["clients"][0]["firstSeen"]
            assert after["contracts"][0]["firstServed"] == before["contracts"][0]["firstServed"]

    asyncio.run(main())


def test_a_server_that_stops_writes_down_what_it_saw_last(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'app.db'}"

    async def main() -> None:
        async with serving(database) as server:
            await post(server, "mutation", "notes.tick")
        async with serving(database) as server:
            assert names(await clients(server)) == {("", "", "", ""): {"notes.tick": 1}}

    asyncio.run(main())


def test_a_client_that_only_listens_is_seen_when_it_goes(tmp_path: Path) -> None:
    async def main() -> None:
        async with serving() as server:
            async with connect(address(server)) as connection:
                socket = await greeted(server, CONTRACT, connection)
                await socket.watch(1, "notes.count")
                [before] = (await clients(server))["clients"]
                await asyncio.sleep(1.1)
            for _ in range(100):
                [after] = (await clients(server))["clients"]
                if after["lastSeen"] > before["lastSeen"]:
                    break
                await asyncio.sleep(0.05)
            assert after["lastSeen"] > before["lastSeen"]
            [use] = after["functions"]
            assert (use["path"], use["calls"]) == ("notes.count", 1)
            assert use["lastCalled"] > before["functions"][0]["lastCalled"]

    asyncio.run(main())


def test_names_drawn_at_random_are_one_client_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "NAMES_MAX", 3)
    monkeypatch.setattr(callers, "STRANGERS_MAX", 2)
    monkeypatch.setattr(callers, "HEADERS_MAX", 4)

    async def main() -> None:
        async with serving() as server:
            for number in range(10):
                who = f"python/name{number}/{number}"
                await post(server, "query", "notes.count", schemagen_contract=CONTRACT, schemagen_client=who)
                await post(server, "query", "notes.count", schemagen_contract=f"stranger{number}")
            seen = names(await clients(server))
            assert seen == {
                **{(CONTRACT, "python", f"name{n}", str(n)): {"notes.count": 1} for n in range(3)},
                (CONTRACT, "python", "", ""): {"notes.count": 7},
                ("stranger0", "", "", ""): {"notes.count": 1},
                ("stranger1", "", "", ""): {"notes.count": 1},
                ("", "", "", ""): {"notes.count": 8},
            }

    asyncio.run(main())


@pytest.mark.parametrize(
    "header", ["", "python", "a/%1b%5b2J%00/1", "a/b/c/d", "%ff%/\u00e4/1", "/" * 500, "x" * 5000 + "//"]
)
def test_what_a_client_says_of_itself_keeps_no_call_from_running(header: str) -> None:
    async def main() -> None:
        async with serving() as server, http(server) as client:
            headers = {"schemagen-client": header.encode("latin-1"), "schemagen-contract": b"\xff" * 3000}
            response = await client.post("/api/query/notes.count", json={}, headers=headers)  # type: ignore[arg-type]
            assert response.status_code == 200
            [seen] = (await clients(server))["clients"]
            said = [seen[word] for word in ("name", "version", "language", "contract")]
            assert all(len(word) <= 100 and (word.isprintable() or not word) for word in said)

    asyncio.run(main())


def test_only_the_operator_is_told_if_there_is_a_token() -> None:
    async def main() -> None:
        async with serving(metrics_token="let me see") as server:
            async with http(server) as client:
                refused = await client.get("/api/clients")
                assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
                assert "SCHEMAGEN_METRICS_TOKEN" in refused.json()["error"]["message"]
            assert (await clients(server, authorization="Bearer let me see"))["clients"] == []
        async with serving(metrics=False) as server, http(server) as client:
            assert (await client.get("/api/clients")).status_code == 404

    asyncio.run(main())


def test_what_was_written_down_survives_kill_9_and_is_whole(tmp_path: Path) -> None:
    """Calls of the last seconds may be missing; what is there adds up, and the contract is known."""
    database = f"sqlite:///{tmp_path / 'app.db'}"
    script = (
        "import asyncio, sys\n"
        "from schemagen.serve import callers\n"
        "callers.FLUSH_SECONDS = 0.01\n"
        "from tests.serve.harness import serving\n"
        "async def main():\n"
        f"    async with serving({database!r}) as server:\n"
        "        print(server.address, flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )

    async def call_until_killed(process: subprocess.Popen[str], base: str) -> int:
        import httpx

        answered = 0
        kill_at = time.monotonic() + 1.0
        headers = {"schemagen-contract": CONTRACT, "schemagen-client": "python/worker/1"}
        async with httpx.AsyncClient(base_url=base) as client:
            while True:
                if time.monotonic() > kill_at:
                    os.kill(process.pid, signal.SIGKILL)
                try:
                    answered += (await client.post("/api/mutation/notes.tick", headers=headers)).status_code == 200
                except httpx.HTTPError:
                    return answered

    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=env, cwd=ROOT)
    assert process.stdout is not None
    answered = asyncio.run(call_until_killed(process, process.stdout.readline().strip()))
    process.wait()
    process.stdout.close()

    async def after() -> None:
        async with serving(database) as server:
            listed = await clients(server)
            [(who, calls)] = names(listed).items()
            assert who == (CONTRACT, "python", "worker", "1")
            assert 0 < calls["notes.tick"] <= answered + 1
            assert listed["contracts"][0]["contract"] is not None

    asyncio.run(after())


@pytest.mark.slow
def test_what_the_database_cannot_take_now_it_is_told_later(tmp_path: Path) -> None:
    """Another process holds it for longer than the server waits."""
    file = tmp_path / "app.db"

    async def main() -> None:
        who = {"schemagen_contract": CONTRACT, "schemagen_client": "python/worker/1"}
        async with serving(f"sqlite:///{file}") as server:
            await post(server, "query", "notes.count", **who)
            with closing(sqlite3.connect(file, isolation_level=None)) as holder:
                holder.execute("BEGIN IMMEDIATE")
                async with http(server) as client:
                    refused = await client.get("/api/clients", timeout=20)
                assert (refused.status_code, refused.json()["error"]["kind"]) == (503, "unavailable")
                assert (await post(server, "query", "notes.count", **who)).status_code == 200
            assert names(await clients(server)) == {(CONTRACT, "python", "worker", "1"): {"notes.count": 2}}

    asyncio.run(main())
