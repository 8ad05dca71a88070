"""Clients of older contracts over both doors: what is refused, what runs, what is told when."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from schemagen.engine.runtime import Runtime
from schemagen.model.canonical import fingerprint
from schemagen.serve.app import create_app
from schemagen.serve.server import Server
from schemagen.serve.settings import Settings
from tests.roundtrip.generations import generation
from tests.serve.harness import Socket

OUTDATED = ["tasks.count", "tasks.mean", "tasks.rename", "tasks.report"]
FIRST, THIRD = (fingerprint(generation(number).contract) for number in (1, 3))


def open_generation(number: int, database: str) -> Runtime:
    backend = generation(number)
    return Runtime.open(
        contract=backend.contract, functions=backend.functions, tables=backend.tables, database=database
    )


@asynccontextmanager
async def serving(number: int, database: str) -> AsyncIterator[Server]:
    settings = Settings(port=0, database=database)
    server = Server(create_app(open_generation(number, database), settings), handle_signals=False)
    running = asyncio.create_task(server.run())
    await server.listening.wait()
    try:
        yield server
    finally:
        server.stop()
        await running


@pytest.fixture
def database(tmp_path: Path) -> str:
    """One that the first generation was served from, so that its contract is known."""
    url = f"sqlite:///{tmp_path / 'app.db'}"

    async def once() -> None:
        async with serving(1, url):
            pass

    asyncio.run(once())
    return url


@asynccontextmanager
async def met(server: Server, contract: str, session: str = "", **client: str) -> AsyncIterator[tuple[Socket, Any]]:
    """A connection, and what the server said first."""
    async with connect(server.address.replace("http", "ws") + "/api/sync") as connection:
        yield await greeted(connection, contract, session, **client)


async def greeted(
    connection: ClientConnection, contract: str, session: str = "", **client: str
) -> tuple[Socket, dict[str, Any]]:
    socket = Socket(connection, session or str(uuid4()))
    hello = {"protocol": 1, "session": socket.session, "lastTs": 0, "contract": contract, "token": None}
    await socket.send("connect", **hello, **({"client": client} if client else {}))
    connected = await socket.next("connected")
    socket.version = (0, 0, connected["ts"])
    return socket, connected


async def post(server: Server, kind: str, path: str, contract: str = FIRST, key: str = "", **args: Any) -> Any:
    headers = {"schemagen-contract": contract, **({"idempotency-key": key} if key else {})}
    async with httpx.AsyncClient(base_url=server.address) as client:
        response = await client.post(f"/api/{kind}/{path}", json=args, headers=headers)
    return response.status_code, response.json().get("error") or response.json()["value"]


async def mutated(socket: Socket, request_id: int, path: str, **args: Any) -> Any:
    await socket.mutate(request_id, path, **args)
    while (message := await socket.receive())["type"] != "mutationResponse":
        pass
    return message.get("error") or message["value"]


def test_what_broke_is_refused_by_name_over_both_doors_and_all_else_runs(database: str) -> None:
    async def main() -> None:
        async with serving(3, database) as server, met(server, FIRST) as (socket, connected):
            assert (connected["contract"], connected["outdated"]) == (THIRD, OUTDATED)
            error = await socket.watch(1, "tasks.count")
            assert (error["kind"], error["code"]) == ("contractMismatch", "contract_mismatch")
            assert error["data"]["function"] == "tasks.count" and error["data"]["witness"] == {"total": 0}
            assert error["message"].startswith("update this app: tasks.count has changed since it was built")
            assert await socket.watch(2, "tasks.list") == []
            assert (await post(server, "query", "tasks.count")) == (409, error)
            status, gone = await post(server, "query", "tasks.report")
            assert (status, gone["kind"], "witness" in gone["data"]) == (409, "contractMismatch", False)
            assert "internal" not in json.dumps(gone)
            assert (await post(server, "mutation", "tasks.create", title="x"))[0] == 200

    asyncio.run(main())


@pytest.mark.parametrize("contract", ["", THIRD, "0123456789abcdef"])
def test_who_says_nothing_is_up_to_date_or_was_never_served_is_refused_nothing(database: str, contract: str) -> None:
    async def main() -> None:
        async with serving(3, database) as server, met(server, contract) as (socket, connected):
            assert "outdated" not in connected
            assert await socket.watch(1, "tasks.count") == {"total": 0}
            assert (await post(server, "query", "tasks.count", contract))[0] == 200
            assert (await post(server, "query", "tasks.report", contract))[0] == 404
            refused = await post(server, "mutation", "tasks.create", contract, title="x", priority="high")
            assert (refused[0], refused[1]["kind"]) == (422, "invalidArguments")

    asyncio.run(main())


def test_an_answer_over_http_says_how_the_contracts_stand(database: str) -> None:
    async def main() -> None:
        for number, contract, said in [(1, FIRST, "current"), (2, FIRST, "compatible"), (3, FIRST, "outdated")]:
            async with serving(number, database) as server, httpx.AsyncClient(base_url=server.address) as client:
                for headers, expected in [({"schemagen-contract": contract}, said), ({}, None)]:
                    for _ in range(2):
                        response = await client.post("/api/query/tasks.list", json={}, headers=headers)
                        assert (response.status_code, response.headers.get("schemagen-fit")) == (200, expected)

    asyncio.run(main())


def test_a_call_is_a_mismatch_only_if_the_old_contract_took_it_and_the_new_one_does_not(database: str) -> None:
    async def main() -> None:
        async with serving(3, database) as server, met(server, FIRST) as (socket, _):
            assert (await mutated(socket, 1, "tasks.create", title="x")).startswith("tasks_")
            error = await mutated(socket, 2, "tasks.create", title="x", priority="high")
            assert (error["kind"], error["data"]["function"]) == ("contractMismatch", "tasks.create")
            assert [issue["path"] for issue in error["issues"]] == [["priority"]]
            assert error == (await post(server, "mutation", "tasks.create", title="x", priority="high"))[1]
            mistakes: list[dict[str, Any]] = [
                {"title": "far more than twenty characters"},
                {"title": "x", "priority": "higher"},
                {"title": "x", "label": {"name": "!"}},  # a validator of the author's, which no contract shows
            ]
            for number, wrong in enumerate(mistakes, 3):
                assert (await mutated(socket, number, "tasks.create", **wrong))["kind"] == "invalidArguments"
            mixed = await mutated(socket, 9, "tasks.create", title="more than twenty characters", priority="high")
            assert mixed["kind"] == "invalidArguments"

    asyncio.run(main())


def test_a_mutation_that_ran_before_it_was_refused_gets_its_answer_and_not_a_refusal(database: str) -> None:
    session = str(uuid4())

    async def main() -> None:
        async with serving(1, database) as server, met(server, FIRST, session) as (socket, _):
            task = await mutated(socket, 1, "tasks.create", title="x")
            assert await mutated(socket, 2, "tasks.rename", task=task, title="y") is None
            assert (await post(server, "mutation", "tasks.rename", key="k:1", task=task, title="z"))[0] == 200
        async with serving(3, database) as server, met(server, FIRST, session) as (socket, _):
            assert await mutated(socket, 2, "tasks.rename", task=task, title="y") is None
            assert await post(server, "mutation", "tasks.rename", key="k:1", task=task, title="z") == (200, None)
            fresh = await mutated(socket, 3, "tasks.rename", task=task, title="w")
            assert fresh["kind"] == "contractMismatch"
            assert (await post(server, "mutation", "tasks.rename", key="k:2", task=task, title="w"))[0] == 409
            assert (await post(server, "mutation", "tasks.rename", key="k:1", task=task, title="other"))[0] == 409
            [listed] = await socket.watch(1, "tasks.list")
            assert listed["title"] == "z"

    asyncio.run(main())


def test_an_open_connection_is_told_when_the_contract_is_swapped_under_it(database: str) -> None:
    async def main() -> None:
        async with (
            serving(1, database) as server,
            connect(server.address.replace("http", "ws") + "/api/sync") as connection,
            met(server, "") as (stranger, _),
        ):
            socket, connected = await greeted(connection, FIRST)
            assert "outdated" not in connected
            await socket.watch(1, "tasks.list")
            await server.swap(lambda: open_generation(2, database))
            assert (await socket.next("transition"))["changes"][0]["value"] == []  # asked anew; all fits still
            await server.swap(lambda: open_generation(3, database))
            with pytest.raises(ConnectionClosed) as closed:
                while True:
                    await socket.receive()
            assert closed.value.rcvd is not None and closed.value.rcvd.code == 1012
            async with met(server, FIRST) as (_, again):
                assert again["outdated"] == OUTDATED
            assert await stranger.watch(1, "tasks.count") == {"total": 0}

    asyncio.run(main())


def test_who_calls_over_http_is_judged_anew_when_the_contract_is_swapped(database: str) -> None:
    async def main() -> None:
        async with serving(1, database) as server:
            assert (await post(server, "query", "tasks.count"))[0] == 200
            await server.swap(lambda: open_generation(3, database))
            assert (await post(server, "query", "tasks.count"))[0] == 409
            assert (await post(server, "query", "tasks.count", THIRD))[0] == 200
            await server.swap(lambda: open_generation(1, database))
            assert (await post(server, "query", "tasks.count"))[0] == 200
            assert (await post(server, "query", "tasks.count", THIRD))[0] == 409

    asyncio.run(main())


def test_a_text_that_cannot_be_read_makes_its_clients_strangers_and_harms_nobody(database: str) -> None:
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute("UPDATE _contracts SET text = ?", (zlib.compress(b'{"format": 99}'),))

    async def main() -> None:
        async with serving(3, database) as server, met(server, FIRST) as (socket, connected):
            assert "outdated" not in connected
            assert await socket.watch(1, "tasks.count") == {"total": 0}

    asyncio.run(main())


def test_many_who_come_at_once_are_all_judged_each_in_its_language(database: str) -> None:
    async def main() -> None:
        async with serving(3, database) as server:

            async def one(language: str) -> tuple[str, list[str]]:
                async with met(server, FIRST, language=language) as (socket, connected):
                    refused = await socket.watch(1, "tasks.report")
                    return refused["kind"], connected["outdated"]

            languages = ["python", "typescript", "klingon"] * 3
            calls = (post(server, "query", "tasks.report") for _ in range(5))
            statuses, seen = await asyncio.gather(asyncio.gather(*calls), asyncio.gather(*map(one, languages)))
            assert [status for status, _ in statuses] == [409] * 5
            in_typescript = [path for path in OUTDATED if path != "tasks.mean"]  # a number is a number
            for language, (kind, outdated) in zip(languages, seen, strict=True):
                assert (kind, outdated) == ("contractMismatch", in_typescript if language == "typescript" else OUTDATED)

    asyncio.run(main())
