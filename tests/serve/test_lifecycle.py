"""Starting, stopping, and one engine taking over from another."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from schemagen.engine.runtime import Runtime
from schemagen.serve.app import create_app
from schemagen.serve.server import Server
from schemagen.serve.settings import Settings
from tests.serve.harness import call, http, open_runtime, serving, socket

ROUNDS = 3_000_000
"""Of `notes.labour`: some tenths of a second."""


def file_database(folder: Path) -> str:
    return f"sqlite:///{folder / 'notes.db'}"


def test_a_stopping_server_closes_sockets_with_1012_and_commits_what_runs(tmp_path: Path) -> None:
    async def main() -> None:
        async with serving(file_database(tmp_path)) as server, socket(server) as client:
            await client.mutate(1, "notes.labour", rounds=ROUNDS)
            await client.send("ping")
            await client.next("pong")  # the mutation has been read, and runs
            server.stop()
            with pytest.raises(ConnectionClosed) as closed:
                while True:
                    await client.receive()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1012
        async with serving(file_database(tmp_path)) as server, http(server) as caller:
            assert await call(caller, "query", "notes.count") == 1
            async with socket(server, session=client.session) as again:
                await again.watch(1, "notes.count")
                await again.mutate(1, "notes.labour", rounds=ROUNDS)
                while (message := await again.receive())["type"] == "transition":
                    pass
                assert message["type"] == "mutationResponse"
                assert again.results[1] == 1  # it did not run again

    asyncio.run(main())


def test_a_running_http_request_is_answered_before_the_server_stops() -> None:
    async def main() -> None:
        async with serving() as server, http(server) as caller:
            running = asyncio.create_task(call(caller, "mutation", "notes.labour", rounds=ROUNDS))
            waiting = asyncio.create_task(call(caller, "action", "notes.wait", seconds=0.4))
            await asyncio.sleep(0.1)
            server.stop()
            assert await waiting == "done"
            assert await running > 0

    asyncio.run(main())


def test_an_address_in_use_is_named(tmp_path: Path) -> None:
    async def main() -> None:
        async with serving() as server:
            port = int(server.address.rpartition(":")[2])
            app = create_app(open_runtime(file_database(tmp_path)), Settings())
            with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1:{port}: Address already in use"):
                await Server(app, port=port, handle_signals=False).run()
            await open_runtime(file_database(tmp_path)).close()  # the database was let go

    asyncio.run(main())


def test_another_engine_takes_over_while_sockets_stay_open(tmp_path: Path) -> None:
    database = file_database(tmp_path)

    async def main() -> None:
        async with serving(database) as server, http(server) as caller, socket(server) as client:
            await client.watch(1, "notes.count")
            await client.mutate(1, "notes.tick")
            await client.next("transition")
            await client.next("mutationResponse")
            await server.swap(lambda: open_runtime(database))
            await client.next("transition")
            assert client.results == {1: 1}
            await call(caller, "mutation", "notes.tick")
            await client.next("transition")
            assert client.results == {1: 2}
            assert await client.watch(2, "notes.list", company="acme") == []

    asyncio.run(main())


def test_what_the_last_mutation_of_the_old_engine_did_is_shown_before_its_answer(tmp_path: Path) -> None:
    database = file_database(tmp_path)

    async def main() -> None:
        async with serving(database) as server, socket(server) as client:
            await client.watch(1, "notes.count")
            await client.mutate(1, "notes.labour", rounds=ROUNDS)
            await client.send("ping")
            await client.next("pong")  # the mutation has been read, and runs
            await server.swap(lambda: open_runtime(database))
            assert (await client.next("transition"))["mutations"] == [1]
            assert client.results == {1: 1}
            await client.next("mutationResponse")

    asyncio.run(main())


def test_calls_that_run_end_on_the_old_engine_and_later_ones_wait_for_the_new(tmp_path: Path) -> None:
    database = file_database(tmp_path)

    async def main() -> None:
        async with serving(database) as server, http(server) as caller, socket(server) as client:
            await client.mutate(1, "notes.labour", rounds=ROUNDS)
            await client.send("ping")
            await client.next("pong")
            swapping = asyncio.create_task(server.swap(lambda: open_runtime(database)))
            await asyncio.sleep(0)
            during = asyncio.create_task(call(caller, "mutation", "notes.tick"))
            await client.mutate(2, "notes.tick")
            async with socket(server) as newcomer:
                assert await newcomer.watch(1, "notes.whoami") is None
            await swapping
            assert sorted([await during, await answer(client, 2)]) == [2, 3]
            assert await call(caller, "query", "notes.count") == 3

    async def answer(client: object, request_id: int) -> int:
        from tests.serve.harness import Socket

        assert isinstance(client, Socket)
        while (message := await client.receive()).get("requestId") != request_id:
            pass
        return int(message["value"])

    asyncio.run(main())


def test_a_takeover_that_fails_can_be_followed_by_one_that_works(tmp_path: Path) -> None:
    database = file_database(tmp_path)

    def fail() -> Runtime:
        raise ValueError("the schema does not fit")

    async def main() -> None:
        async with serving(database) as server, http(server) as caller, socket(server) as client:
            await client.watch(1, "notes.count")
            with pytest.raises(ValueError, match="does not fit"):
                await server.swap(fail)
            assert (await caller.get("/healthz")).status_code == 503
            waiting = asyncio.create_task(call(caller, "mutation", "notes.tick"))
            await asyncio.sleep(0.05)
            await server.swap(lambda: open_runtime(database))
            assert await waiting == 1
            assert (await caller.get("/healthz")).status_code == 200
            while client.results != {1: 1}:
                await client.receive()

    asyncio.run(main())


def test_a_call_does_not_wait_for_ever_for_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schemagen.serve.serving.TAKEOVER_SECONDS_MAX", 0.1)

    def fail() -> Runtime:
        raise ValueError("no")

    async def main() -> None:
        async with serving() as server, http(server) as caller:
            with pytest.raises(ValueError, match="no"):
                await server.swap(fail)
            response = await caller.post("/api/query/notes.count")
            assert response.status_code == 503
            assert response.json()["error"]["kind"] == "unavailable"
            assert response.headers["retry-after"] == "1"

    asyncio.run(main())


def test_an_engine_on_another_database_makes_clients_connect_again() -> None:
    async def main() -> None:
        async with serving() as server, socket(server) as client:
            await client.watch(1, "notes.count")
            for request_id in range(3):
                await client.mutate(request_id, "notes.tick")
            while client.results[1] != 3:
                await client.receive()
            await server.swap(open_runtime)  # in memory: everything is gone, and time starts anew
            with pytest.raises(ConnectionClosed) as closed:
                while True:
                    await client.receive()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1012
            async with socket(server, session=client.session) as again:
                assert await again.watch(1, "notes.count") == 0

    asyncio.run(main())


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_a_server_in_good_order(number: int, tmp_path: Path) -> None:
    program = (
        "from tests.serve.harness import open_runtime\n"
        "from schemagen.serve.app import create_app\n"
        "from schemagen.serve.server import serve\n"
        "from schemagen.serve.settings import Settings\n"
        f"serve(create_app(open_runtime({file_database(tmp_path)!r}), Settings(log_format='json')), port=0)\n"
        "print('closed')\n"
    )

    async def main() -> None:
        root = Path(__file__).parents[2]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-c", program),
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stderr is not None
        started = json.loads(await asyncio.wait_for(process.stderr.readline(), 60))
        assert started["message"].startswith("serving 16 functions at http://127.0.0.1:")
        process.send_signal(number)
        out, err = await asyncio.wait_for(process.communicate(), 20)
        assert (process.returncode, out) == (0, b"closed\n"), err
        assert [json.loads(line)["message"] for line in err.splitlines()] == ["stopping"]

    asyncio.run(main())
