"""Live queries and calls over the WebSocket, against a real server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from schemagen.serve import serving as serving_module
from schemagen.serve import websocket as websocket_module
from schemagen.serve.server import Server
from tests.serve.harness import Socket, call, http, serving, socket, token

Story = Callable[[Server], Awaitable[None]]


def run(story: Story, **settings: Any) -> None:
    async def main() -> None:
        async with serving(**settings) as server:
            await story(server)

    asyncio.run(main())


@pytest.fixture
def swift(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the server looks at every second, it looks at every 20 ms."""
    monkeypatch.setattr(serving_module, "SWEEP_SECONDS", 0.02)


async def closed(client: Socket) -> tuple[int, str]:
    """Close code and reason, once the server has closed; frames before it are read over."""
    try:
        while True:
            await client.receive()
    except ConnectionClosed as end:
        assert end.rcvd is not None
        return end.rcvd.code, end.rcvd.reason


def test_a_watched_query_follows_what_others_write() -> None:
    async def story(server: Server) -> None:
        async with socket(server) as reader, socket(server) as writer:
            assert await reader.watch(1, "notes.list", company="acme") == []
            await writer.mutate(1, "notes.add", company="acme", text="hello")
            response = await writer_response(writer)
            await reader.next("transition")
            assert reader.results == {1: ["hello"]}
            assert reader.version == (1, 0, response["ts"])

    run(story)


async def writer_response(writer: Socket) -> dict[str, Any]:
    while (message := await writer.receive())["type"] == "transition":
        pass
    assert message["type"] == "mutationResponse", message
    return message


def test_the_writer_sees_its_effect_before_the_answer() -> None:
    async def story(server: Server) -> None:
        async with socket(server) as client:
            await client.watch(1, "notes.list", company="acme")
            for number in range(5):
                await client.mutate(number, "notes.add", company="acme", text=str(number))
            answered = 0
            while answered < 5:
                message = await client.receive()
                if message["type"] == "mutationResponse":
                    assert client.version[2] >= message["ts"]
                    assert client.results[1][: message["requestId"] + 1] == [
                        str(n) for n in range(message["requestId"] + 1)
                    ]
                    answered += 1

    run(story)


def test_a_writer_that_watches_nothing_of_what_it_wrote_is_moved_by_an_empty_transition() -> None:
    async def story(server: Server) -> None:
        async with socket(server) as client:
            await client.watch(1, "notes.list", company="acme")
            await client.mutate(1, "notes.add", company="other", text="hello")
            assert (await client.next("transition"))["changes"] == []
            response = await client.next("mutationResponse")
            assert client.version[2] == response["ts"]

    run(story)


def test_a_transition_names_the_mutations_it_shows_and_their_answers_come_before_the_next() -> None:
    async def write(client: Socket, name: str) -> None:
        """Many mutations in flight, among those of somebody else; the last fails."""
        companies = [f"company {number}" for number in range(8)]
        await client.modify([(n, "notes.list", {"company": company}) for n, company in enumerate(companies)])
        await client.next("transition")
        for number in range(16):
            await client.mutate(number, "notes.add", company=companies[number % 8], text=f"{name} {number}")
        await client.mutate(16, "notes.add", company=companies[0], text=7)
        shown: set[int] = set()
        named: set[int] = set()
        answered: set[int] = set()
        while len(answered) < 17:
            message = await client.receive()
            if message["type"] == "transition":
                assert not named, "a transition before the answers of the one before"
                texts = [text for result in client.results.values() for text in result]
                mine = {int(text.split()[1]) for text in texts if text.startswith(name)}
                named = set(message.get("mutations", []))
                assert named == mine - shown
                shown = mine
            else:
                assert message["requestId"] in shown or "error" in message
                named.discard(message["requestId"])
                answered.add(message["requestId"])
        assert shown == set(range(16))

    async def story(server: Server) -> None:
        async with socket(server) as ada, socket(server) as grace:
            await asyncio.gather(write(ada, "ada"), write(grace, "grace"))

    run(story)


def test_a_failed_mutation_is_answered_with_its_error() -> None:
    async def story(server: Server) -> None:
        async with socket(server) as client:
            for number in range(6):
                await client.mutate(number, "notes.add", company="acme", text=str(number))
            responses = [await writer_response(client) for _ in range(6)]
            assert ["error" in response for response in responses] == [False] * 5 + [True]
            assert responses[5]["error"] == {
                "kind": "app",
                "code": "too_many_notes",
                "message": "The limit of 5 notes is reached.",
                "data": {"maxNotes": 5},
            }
            await client.mutate(7, "notes.add", company="acme")
            error = (await writer_response(client))["error"]
            assert (error["kind"], error["issues"][0]["path"]) == ("invalidArguments", ["text"])
            await client.mutate(8, "notes.ad")
            assert 'did you mean "notes.add"' in (await writer_response(client))["error"]["message"]

    run(story)


def test_an_action_is_answered_and_does_not_hold_up_what_comes_after() -> None:
    async def story(server: Server) -> None:
        async with socket(server) as client:
            await client.send("action", requestId=1, path="notes.wait", args={"seconds": 0.2})
            await client.send("action", requestId=2, path="notes.wait", args={"seconds": 0})
            await client.mutate(1, "notes.tick")
            kinds = [(await client.receive())["type"] for _ in range(4)]
            assert sorted(kinds[:3]) == ["actionResponse", "mutationResponse", "transition"]
            assert kinds[3] == "actionResponse"

    run(story)


def test_a_connection_that_watches_another_company_gets_no_message_and_nothing_of_it_runs_again() -> None:
    async def story(server: Server) -> None:
        runtime = server.app.serving.runtime
        assert runtime is not None
        async with socket(server) as acme, socket(server) as other, http(server) as client:
            await acme.watch(1, "notes.list", company="acme")
            await other.watch(1, "notes.list", company="other")
            reruns = runtime.stats().reruns
            await call(client, "mutation", "notes.add", company="acme", text="hello")
            await acme.next("transition")
            await other.silence()
            assert runtime.stats().reruns == reruns + 1

    run(story)


def test_two_connections_stand_at_one_timestamp_with_equal_results() -> None:
    async def story(server: Server) -> None:
        async with socket(server) as one, socket(server) as two, http(server) as client:
            for number, reader in enumerate((one, two)):
                await reader.watch(number, "notes.list", company="acme")
                await reader.watch(number + 10, "notes.count")
            await call(client, "mutation", "notes.add", company="acme", text="hello")
            await one.next("transition")
            await two.next("transition")
            assert one.version == two.version
            assert (one.results[0], two.results[1]) == (["hello"], ["hello"])

    run(story)


def test_a_query_that_fails_is_told_as_an_error_and_the_others_live_on(caplog: pytest.LogCaptureFixture) -> None:
    async def story(server: Server) -> None:
        async with socket(server) as client:
            error = await client.watch(1, "notes.broken", reason="rust")
            assert (error["kind"], "rust" in error["message"]) == ("internal", False)
            assert error["errorId"] in caplog.text
            assert (await client.watch(2, "notes.list"))["issues"][0]["path"] == ["company"]
            assert (await client.watch(3, "notes.secret"))["kind"] == "unknownFunction"
            assert (await client.watch(4, "notes.tick"))["message"].endswith("it is a mutation")
            assert await client.watch(5, "notes.count") == 0

    run(story)


def test_signing_in_and_changing_the_caller_re_run_what_reads_the_caller() -> None:
    async def story(server: Server) -> None:
        runtime = server.app.serving.runtime
        assert runtime is not None
        async with http(server) as caller:
            await call(caller, "mutation", "notes.join", subject="ada", company="acme")
            await call(caller, "mutation", "notes.add", company="acme", text="hello")
        async with socket(server) as client:
            assert await client.watch(1, "notes.mine") is None
            assert await client.watch(2, "notes.count") == 0
            await client.authenticate(token("ada"))
            message = await client.next("transition")
            assert message["changes"] == [{"queryId": 1, "value": ["hello"]}]
            executions = runtime.stats().executions
            await client.authenticate(token("ada", valid_seconds=500))  # refreshed: the same caller
            assert (await client.next("transition"))["changes"] == []
            assert runtime.stats().executions == executions
            await client.authenticate(None)
            await client.next("transition")
            assert client.results == {1: None, 2: 0}

    run(story)


def test_a_changed_role_changes_what_a_connection_watches() -> None:
    async def story(server: Server) -> None:
        async with http(server) as caller, socket(server, token("ada")) as client:
            await call(caller, "mutation", "notes.add", company="acme", text="of acme")
            await call(caller, "mutation", "notes.add", company="other", text="of other")
            await call(caller, "mutation", "notes.join", subject="ada", company="acme")
            assert await client.watch(1, "notes.mine") == ["of acme"]
            await call(caller, "mutation", "notes.join", subject="ada", company="other")
            await client.next("transition")
            assert client.results[1] == ["of other"]

    run(story)


def test_a_refused_token_makes_the_caller_anonymous() -> None:
    async def story(server: Server) -> None:
        async with socket(server, "nonsense") as client:
            error = await client.next("authError")
            assert (error["identityVersion"], error["error"]["kind"]) == (0, "unauthenticated")
            await client.authenticate(token("ada"))
            await client.next("transition")
            assert await client.watch(1, "notes.whoami") == "ada"
            await client.authenticate(token("ada", valid_seconds=-60))
            assert (await client.next("authError"))["identityVersion"] == 2
            await client.next("transition")
            assert client.results[1] is None

    run(story)


@pytest.mark.usefixtures("swift")
def test_a_token_that_expires_makes_an_open_connection_anonymous(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schemagen.serve.auth.LEEWAY_SECONDS", 0)

    async def story(server: Server) -> None:
        async with socket(server, token("ada", valid_seconds=2)) as client:
            assert await client.watch(1, "notes.whoami") == "ada"
            assert "expired" in (await client.next("authError"))["error"]["message"]
            await client.next("transition")
            assert client.results[1] is None

    run(story)


def test_a_mutation_sent_again_after_a_reconnect_runs_once_and_gives_the_stored_answer() -> None:
    async def story(server: Server) -> None:
        async with socket(server) as first:
            await first.mutate(1, "notes.tick")
            answer = await writer_response(first)
            await first.mutate(2, "notes.tick")  # the connection goes before the answer comes
        async with socket(server, session=first.session) as second:
            await second.watch(1, "notes.count")
            await second.mutate(1, "notes.tick")
            assert await writer_response(second) == answer
            await second.mutate(2, "notes.tick")
            assert (await writer_response(second))["value"] == 2
            await second.silence(0.05)
            assert second.results[1] == 2
        async with socket(server) as stranger:
            await stranger.mutate(1, "notes.tick")
            assert (await writer_response(stranger))["value"] == 3

    run(story)


# --- clients that misbehave ---


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (b'{"type":"ping"}', "frames are text, not binary"),
        ('{"type":', "not JSON"),
        ('{"type":"dance"}', "'dance'"),
        ('{"type":"modifyQuerySet","baseVersion":7,"newVersion":8,"add":[],"remove":[]}', "version 7"),
        ('{"type":"mutation","requestId":-1,"path":"notes.tick","args":{}}', "mutation.requestId"),
    ],
)
def test_a_frame_that_is_not_of_the_protocol_ends_the_connection_and_says_why(frame: str | bytes, says: str) -> None:
    async def story(server: Server) -> None:
        async with socket(server) as client, socket(server) as bystander:
            await client.connection.send(frame)
            fatal = await client.next("fatalError")
            assert says in fatal["error"]["message"]
            assert await closed(client) == (4400, "see fatalError")
            await bystander.silence(0)
        await asyncio.sleep(0.05)
        assert server.app.serving.sessions == set()

    run(story)


def test_a_frame_over_the_limit_is_refused() -> None:
    async def story(server: Server) -> None:
        async with socket(server) as client:
            await client.mutate(1, "notes.add", company="acme", text="x" * 2000)
            assert (await closed(client))[0] == 1009

    run(story, max_frame_bytes=1000)


def test_a_client_of_another_protocol_is_told_so() -> None:
    async def story(server: Server) -> None:
        async with connect(server.address.replace("http", "ws") + "/api/sync") as connection:
            client = Socket(connection, "4be0643f-1d98-473b-97cd-ca98a65347dd")
            await client.send("connect", protocol=2, session=client.session, lastTs=0, contract="", token=None)
            assert "protocol 1" in (await client.next("fatalError"))["error"]["message"]
            assert (await closed(client))[0] == 4426

    run(story)


@pytest.mark.usefixtures("swift")
def test_a_client_that_says_nothing_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket_module, "CONNECT_SECONDS_MAX", 0.1)

    async def story(server: Server) -> None:
        async with connect(server.address.replace("http", "ws") + "/api/sync") as connection:
            assert await closed(Socket(connection, "")) == (4408, "no connect message came")

    run(story)


def test_a_socket_from_an_origin_that_is_not_listed_is_refused() -> None:
    async def story(server: Server) -> None:
        address = server.address.replace("http", "ws") + "/api/sync"
        async with socket(server, origin="https://app.example"), socket(server):
            pass
        with pytest.raises(InvalidStatus) as refused:
            await connect(address, origin="https://evil.example").__aenter__()  # type: ignore[arg-type]
        assert refused.value.response.status_code == 403

    run(story, cors_origins=("https://app.example",))


LARGE = 2_000_000
"""Characters of a result that no socket buffer takes in whole, several times over."""


def test_a_client_that_reads_slowly_skips_states_and_costs_no_more_memory() -> None:
    async def story(server: Server) -> None:
        async with http(server) as caller, socket(server, max_queue=1, compression=None) as slow:
            await slow.watch(1, "notes.large", size=LARGE)
            for number in range(60):  # 120 MB, if all of it were sent
                assert await call(caller, "mutation", "notes.tick") == number + 1
            (session,) = server.app.serving.sessions
            assert sum(map(len, map(outcome_bytes, session.sync.changes.values()))) <= LARGE + 2
            transitions = 0
            while not slow.results[1].startswith("60."):
                await slow.next("transition")
                transitions += 1
            assert transitions < 30

    run(story)


def outcome_bytes(outcome: object) -> bytes:
    assert isinstance(outcome, bytes)
    return outcome


@pytest.mark.usefixtures("swift")
def test_a_client_that_takes_no_data_is_cut_off(caplog: pytest.LogCaptureFixture) -> None:
    async def story(server: Server) -> None:
        async with http(server) as caller, socket(server, max_queue=1, compression=None) as stalled:
            stalled.connection.transport.pause_reading()
            await stalled.modify([(1, "notes.large", {"size": LARGE})])
            for _ in range(20):
                await call(caller, "mutation", "notes.tick")
            for _ in range(300):
                if not server.app.serving.sessions:
                    break
                await asyncio.sleep(0.02)
            assert server.app.serving.sessions == set()
            assert "took no data" in caplog.text
            assert await call(caller, "query", "notes.count") == 20

    with caplog.at_level(logging.WARNING):
        run(story, stall_seconds=0.3)


def test_many_mutations_at_once_are_all_answered_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket_module, "UNFINISHED_MAX", 10)

    async def story(server: Server) -> None:
        async with socket(server) as client:
            for request_id in range(200):
                await client.mutate(request_id, "notes.tick")
            responses = [await writer_response(client) for _ in range(200)]
            assert [response["value"] for response in responses] == list(range(1, 201))

    run(story)


@pytest.mark.usefixtures("swift")
def test_a_client_that_only_talks_is_not_listened_to_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers nobody takes do not pile up: the server stops reading, then cuts the client off."""

    async def story(server: Server) -> None:
        async with socket(server, max_queue=1, compression=None) as talker:
            (session,) = server.app.serving.sessions
            talker.connection.transport.pause_reading()
            most = 0
            with pytest.raises((ConnectionClosed, TimeoutError)):
                async with asyncio.timeout(20):
                    while True:
                        await talker.send("action", requestId=1, path="x" * 5000, args={})
                        most = max(most, len(session.sync.responses))
            assert most <= websocket_module.UNFINISHED_MAX
            for _ in range(200):
                if not server.app.serving.sessions:
                    break
                await asyncio.sleep(0.02)
            assert server.app.serving.sessions == set()

    run(story, stall_seconds=0.5)


def test_a_connection_that_ends_leaves_nothing_behind() -> None:
    async def story(server: Server) -> None:
        runtime = server.app.serving.runtime
        assert runtime is not None
        for _ in range(3):
            async with socket(server) as client:
                await client.watch(1, "notes.count")
                assert runtime.stats().subscriptions == 1
            for _ in range(100):
                if runtime.stats().subscriptions == 0:
                    break
                await asyncio.sleep(0.01)
            assert (runtime.stats().subscriptions, server.app.serving.sessions) == (0, set())

    run(story)
