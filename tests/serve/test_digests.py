"""What clients that take digests are spared, and what it costs the server, over real sockets."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from schemagen.serve import serving as serving_module
from schemagen.serve.server import Server
from schemagen.sync import value as value_module
from tests.serve.harness import call, http, serving, socket, token
from tests.sync.holding import Holding

Story = Callable[[Server], Awaitable[None]]


def run(story: Story, **settings: Any) -> None:
    async def main() -> None:
        async with serving(**settings) as server:
            await story(server)

    asyncio.run(main())


def texts(notes: list[dict[str, Any]]) -> list[str]:
    return [note["text"] for note in notes]


def test_a_client_that_comes_back_is_not_sent_what_it_holds() -> None:
    async def story(server: Server) -> None:
        holding = Holding()
        async with http(server) as caller:
            await call(caller, "mutation", "notes.fill", company="acme", count=30)
        async with socket(server, holding=holding) as first:
            notes = await first.watch(1, "notes.every", company="acme")
            assert await first.watch(2, "notes.count") == 0
            assert len(notes) == 30
        async with socket(server, holding=holding) as second:
            await second.modify([(1, "notes.every", {"company": "acme"}), (2, "notes.count", {})])
            assert (await second.next("transition"))["changes"] == [
                {"queryId": 1, "unchanged": True},
                {"queryId": 2, "unchanged": True},
            ]
            assert second.results == {1: notes, 2: 0}

    run(story)


def test_a_long_list_comes_as_what_changed_and_the_same_for_all() -> None:
    async def story(server: Server) -> None:
        async with (
            http(server) as caller,
            socket(server, holding=Holding()) as one,
            socket(server, holding=Holding()) as two,
            socket(server) as plain,
        ):
            ids = await call(caller, "mutation", "notes.fill", company="acme", count=30)
            clients = (one, two, plain)
            for client in clients:
                await client.watch(1, "notes.every", company="acme")
            await call(caller, "mutation", "notes.edit", note=ids[7], text="edited")
            told = [(await client.next("transition"))["changes"][0] for client in clients]
            assert told[0] == told[1]
            assert told[0]["diff"]["list"][::2] == [[0, 7], [8, 22]]
            assert told[2] == {"queryId": 1, "value": one.results[1]}
            assert one.results == two.results == plain.results
            assert server.app.serving.values.told == {"value": 2, "diff": 2, "unchanged": 0, "error": 0}
            scraped = (await caller.get("/metrics")).text
            assert 'schemagen_changes_sent_total{form="diff"} 2\n' in scraped
            assert texts(one.results[1])[7] == "edited"

    run(story)


def test_a_client_that_comes_back_after_a_change_is_told_the_change() -> None:
    async def story(server: Server) -> None:
        holding = Holding()
        async with http(server) as caller, socket(server, holding=Holding()) as other:
            ids = await call(caller, "mutation", "notes.fill", company="acme", count=30)
            await other.watch(1, "notes.every", company="acme")
            async with socket(server, holding=holding) as first:
                await first.watch(1, "notes.every", company="acme")
            await call(caller, "mutation", "notes.edit", note=ids[0], text="edited")
            await other.next("transition")
            async with socket(server, holding=holding) as second:
                notes = await second.watch(1, "notes.every", company="acme")
                assert holding.kinds == ["value", "diff"]
                assert notes == other.results[1]

    run(story)


def test_a_caller_who_changes_is_told_by_what_it_holds() -> None:
    async def story(server: Server) -> None:
        holding = Holding()
        async with http(server) as caller, socket(server, token("ada"), holding=holding) as client:
            await call(caller, "mutation", "notes.fill", company="acme", count=30)
            await call(caller, "mutation", "notes.join", subject="ada", company="acme")
            mine = await client.watch(1, "notes.mine")
            assert len(mine) == 30
            await client.authenticate(None)
            await client.next("transition")
            assert client.results[1] is None
            await client.authenticate(token("ada"))
            await client.next("transition")
            assert client.results[1] == mine

    run(story)


def test_a_refreshed_token_of_the_same_caller_runs_nothing_and_sends_nothing() -> None:
    async def story(server: Server) -> None:
        runtime = server.app.serving.runtime
        assert runtime is not None
        async with http(server) as caller, socket(server, token("ada"), holding=Holding()) as client:
            await call(caller, "mutation", "notes.join", subject="ada", company="acme")
            await client.watch(1, "notes.mine")
            await client.watch(2, "notes.whoami")
            before = runtime.stats()
            for seconds in (500, 600, 700):
                await client.authenticate(token("ada", valid_seconds=seconds))
                assert (await client.next("transition"))["changes"] == []
            after = runtime.stats()
            assert (after.executions, after.reruns) == (before.executions, before.reruns)
            await client.authenticate(token("grace"))
            await client.next("transition")
            assert runtime.stats().executions == before.executions + 2
            assert client.results[2] == "grace"

    run(story)


def test_a_stalled_client_costs_two_values_however_much_changes_and_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one it was sent last, and the present one, which the engine has anyway; afterwards only that."""
    monkeypatch.setattr(serving_module, "SWEEP_SECONDS", 0.02)
    monkeypatch.setattr(value_module, "RECENT_BYTES_MAX", 0)

    async def story(server: Server) -> None:
        values = server.app.serving.values
        async with (
            http(server) as caller,
            socket(server, holding=Holding(), max_queue=1, compression=None, close_timeout=0.1) as stalled,
            socket(server, holding=Holding(), compression=None) as reader,
        ):
            ids = await call(caller, "mutation", "notes.fill", company="acme", count=80, size=100_000)
            await reader.watch(1, "notes.every", company="acme")
            stalled.connection.transport.pause_reading()
            await stalled.modify([(1, "notes.every", {"company": "acme"})])
            for number in range(8):
                await call(caller, "mutation", "notes.edit", note=ids[number], text=f"edited {number}")
                await reader.next("transition")
                gc.collect()
                assert len(values._by_digest) <= 2
            assert set(reader.holding.kinds[1:]) == {"diff"}
            for _ in range(500):
                if len(server.app.serving.sessions) == 1:
                    break
                await asyncio.sleep(0.02)
            assert len(server.app.serving.sessions) == 1, "the stalled client was not cut off"
            await call(caller, "mutation", "notes.edit", note=ids[0], text="again")
            await reader.next("transition")
            gc.collect()
            assert list(values._by_digest) == [reader.holding.held[1][0]]

    run(story, stall_seconds=2)
