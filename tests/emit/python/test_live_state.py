"""The client's half of the sync protocol replays every conversation of tests/cases/sync that concerns live queries."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from schemagen.model.contract import Contract
from tests.emit.python.package import imported, write_package

CASES = Path(__file__).parents[2] / "cases" / "sync"
SERVERS_OWN = {"bad_version", "bad_protocol"}
"""Conversations that show a client's mistakes."""
OVER_HTTP = {"mutation", "action"}
"""This SDK calls over HTTP: it sends no such message. What the server says to one is read all the same."""

Step: TypeAlias = dict[str, Any]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = write_package(tmp_path_factory.mktemp("live"), Contract((), (), (), ()), "live_sdk")
    with imported(folder, "live_sdk"):
        yield importlib.import_module("live_sdk._runtime.live_state")


def steps_of(case: Path) -> list[Step]:
    steps = [json.loads(line) for line in case.read_text("utf-8").splitlines()]
    return [step for step in steps if step["from"] != "client" or step["message"]["type"] not in OVER_HTTP]


class Replay:
    """A `LiveState` that is made to do what the client's frames imply."""

    def __init__(self, live: Any, steps: list[Step]) -> None:
        self.live = live
        connect = next(s["message"] for s in steps if s["from"] == "client" and s["message"]["type"] == "connect")
        digests = connect.get("digests", False)
        client = connect.get("client")
        self.state = live.LiveState(connect["contract"], session=connect["session"], digests=digests, client=client)
        self.ids: dict[int, int] = {}
        self.pending: list[Step] = []

    def opened(self, token: str | None) -> None:
        self.pending = [json.loads(frame) for frame in self.state.opened(token)]

    def expect(self, message: Step) -> None:
        """The frame that the conversation has next from the client."""
        if self.pending:
            assert self.pending.pop(0) == message
            return
        match message:
            case {"type": "modifyQuerySet", "add": add, "remove": remove}:
                frames = []
                for query in add:
                    arguments = json.dumps(query["args"], separators=(",", ":"))
                    _, sent = self.state.watch(query["path"], arguments)
                    frames += sent
                for query_id in remove:
                    frames += self.state.unwatch(query_id)
                self.merged(message, [json.loads(frame) for frame in frames])
            case {"type": "authenticate", "token": token}:
                assert [json.loads(frame) for frame in self.state.authenticate(token)] == [message]
            case _:
                pytest.fail(f"this client never sends {message}")

    def merged(self, message: Step, frames: list[Step]) -> None:
        """This client says one change a message; together they are what the conversation says in one."""
        assert [each for frame in frames for each in frame["add"]] == message["add"]
        assert [each for frame in frames for each in frame["remove"]] == message["remove"]


def usable(steps: list[Step]) -> bool:
    """Whether the conversation is one this client can hold: one change of the query set a message."""
    sent = [step["message"] for step in steps if step["from"] == "client"]
    changes = [message for message in sent if message["type"] == "modifyQuerySet"]
    return all(len(m["add"]) + len(m["remove"]) == 1 for m in changes)


@pytest.mark.parametrize("case", sorted(CASES.glob("*.jsonl")), ids=lambda case: case.stem)
def test_a_conversation_goes_as_written(case: Path, live: Any) -> None:
    steps = steps_of(case)
    if case.stem in SERVERS_OWN or not usable(steps):
        pytest.skip("another client's conversation")
    replay = Replay(live, steps)
    shown: dict[int, Any] = {}
    told: dict[int, Any] = {}
    sent_on: dict[int, Any] = {}
    for step, following in zip(steps, [*steps[1:], {"from": "end"}], strict=True):
        match step:
            case {"from": "network", "message": {"type": "opened"}}:
                token = next(s["message"]["token"] for s in steps[steps.index(step) :] if s["from"] == "client")
                replay.opened(token)
            case {"from": "network", "message": {"type": "closed"}}:
                replay.state.closed()
                told.clear()
            case {"from": "engine", "message": {"changed": changed}}:
                told |= {int(query_id): outcome.get("value") for query_id, outcome in changed.items()}
            case {"from": "client", "message": message} if message["type"] != "ping":
                replay.expect(message)
            case {"from": "server", "message": message}:
                sent_on |= told
                for news in replay.state.received(json.dumps(message)):
                    assert not isinstance(news, live.Broken), (news, following)
                    if isinstance(news, live.Updated):
                        shown[news.query_id] = news
            case _:
                pass
    assert all(frame["type"] == "modifyQuerySet" for frame in replay.pending)  # the conversation ends before them
    assert {q: shown[q].value for q in sent_on if q in replay.state.watched} == {
        q: value for q, value in sent_on.items() if q in replay.state.watched
    }


def test_some_conversations_are_replayed() -> None:
    found = {case.stem for case in CASES.glob("*.jsonl") if case.stem not in SERVERS_OWN and usable(steps_of(case))}
    assert {"connect", "identity_change", "token_refused", "mutate", "optimistic_failed"} <= found
    assert {
        "outdated",
        "resume_unchanged",
        "resume_changed",
        "diff",
        "diff_page",
        "diff_after_coalescing",
        "no_opt_in",
    } <= found


# --- what no conversation shows ---


def opened(live: Any, *paths: str) -> Any:
    state = live.LiveState("c")
    for path in paths:
        state.watch(path, "{}")
    state.opened(None)
    state.received(json.dumps({"type": "connected", "protocol": 1, "contract": "c", "ts": 5}))
    return state


def transition(start: tuple[int, int, int], end: tuple[int, int, int], *changes: Step) -> str:
    versions = [dict(zip(("querySet", "identity", "ts"), version, strict=True)) for version in (start, end)]
    return json.dumps({"type": "transition", "start": versions[0], "end": versions[1], "changes": changes})


def test_after_a_reconnect_nothing_is_shown_before_all_is_of_one_version(live: Any) -> None:
    state = opened(live, *(f"q{number}" for number in range(150)))  # two frames
    first = state.received(transition((0, 0, 5), (1, 0, 5), {"queryId": 1, "value": "a"}))
    assert not [news for news in first if isinstance(news, live.Updated)]
    assert not state.synced
    rest = state.received(transition((1, 0, 5), (2, 0, 6), {"queryId": 101, "value": "b"}))
    assert [news.value for news in rest if isinstance(news, live.Updated)] == ["a", "b"]
    assert state.synced


def test_a_transition_from_elsewhere_breaks_the_connection(live: Any) -> None:
    (news,) = opened(live, "q").received(transition((7, 0, 5), (8, 0, 5)))
    assert isinstance(news, live.Broken)


def test_a_server_on_another_history_is_followed(live: Any) -> None:
    state = opened(live, "q")
    state.received(transition((0, 0, 5), (1, 0, 900)))
    state.closed()
    assert json.loads(state.opened(None)[0])["lastTs"] == 900
    state.received(json.dumps({"type": "connected", "protocol": 1, "contract": "c", "ts": 3}))
    state.closed()
    assert json.loads(state.opened(None)[0])["lastTs"] == 3


def test_a_lost_connection_is_no_longer_in_sync_so_that_waits_grow(live: Any) -> None:
    state = opened(live, "q")
    state.received(transition((0, 0, 5), (1, 0, 5), {"queryId": 1, "value": 1}))
    assert state.synced
    state.closed()
    assert not state.synced


def test_a_token_that_is_taken_is_told_apart_from_one_that_is_refused(live: Any) -> None:
    state = opened(live, "q")
    error = {"kind": "unauthenticated", "code": "unauthenticated", "message": "expired"}
    refused = json.dumps({"type": "authError", "identityVersion": 0, "error": error})
    assert [type(news) for news in state.received(refused)] == [live.TokenRefused]
    state.authenticate("new")
    assert state.received(refused) == []  # of the token before
    kinds = [type(news) for news in state.received(transition((0, 0, 5), (1, 1, 5), {"queryId": 1, "value": 1}))]
    assert kinds == [live.TokenTaken, live.Updated]


def test_waits_between_connections_grow_and_stay_within_bounds(live: Any) -> None:
    for attempt in range(1, 2000):
        shortest, longest = live.reconnect_delay_s(attempt, 0.0), live.reconnect_delay_s(attempt, 0.999)
        assert 0.25 <= shortest <= longest <= 16.0
    assert live.reconnect_delay_s(1, 0.0) == 0.25
    assert live.reconnect_delay_s(50, 0.0) == 8.0


def test_a_change_that_does_not_fit_breaks_the_connection_and_from_then_on_values_come_whole(live: Any) -> None:
    rows = [{"id": "a"}, {"id": "b"}]
    fits = {"list": [[1, 1], {"new": [{"id": "c"}]}]}
    for wrong in (
        {"digest": "three", "base": "two", "diff": fits},
        {"digest": "three", "base": "one", "diff": {"list": [[1, 2]]}},
        {"digest": "three", "base": "one", "diff": {**fits, "rest": {}}},
    ):
        state = opened(live, "q")
        state.received(transition((0, 0, 5), (1, 0, 5), {"queryId": 1, "digest": "one", "value": rows}))
        (news,) = state.received(transition((1, 0, 5), (1, 0, 6), {"queryId": 1, **wrong}))
        assert isinstance(news, live.Broken)
        state.closed()
        connect, modify = map(json.loads, state.opened(None))
        assert "digests" not in connect and "digest" not in modify["add"][0]


def test_what_is_unchanged_without_being_held_breaks_the_connection(live: Any) -> None:
    (news,) = opened(live, "q").received(transition((0, 0, 5), (1, 0, 5), {"queryId": 1, "unchanged": True}))
    assert isinstance(news, live.Broken)


def test_a_change_makes_a_new_value_and_leaves_the_one_before_as_it_was(live: Any) -> None:
    state = opened(live, "q")
    rows = [{"id": "a"}, {"id": "b"}]
    page = {"items": rows, "nextCursor": "n"}
    diff = {"list": [[1, 1], {"new": [{"id": "c"}]}, [0, 1]], "rest": {"nextCursor": None}}
    first = {"queryId": 1, "digest": "one", "value": page}
    second = {"queryId": 1, "digest": "two", "base": "one", "diff": diff}
    (_, before) = state.received(transition((0, 0, 5), (1, 0, 5), first))
    (after,) = state.received(transition((1, 0, 5), (1, 0, 6), second))
    assert after.value == {"items": [{"id": "b"}, {"id": "c"}, {"id": "a"}], "nextCursor": None}
    assert before.value == page


def test_a_value_that_was_not_shown_when_the_line_was_lost_is_shown_when_it_is_unchanged(live: Any) -> None:
    state = opened(live, *(f"q{number}" for number in range(150)))  # two frames
    state.received(transition((0, 0, 5), (1, 0, 5), {"queryId": 1, "digest": "one", "value": "a"}))
    state.closed()
    _, modify, _ = map(json.loads, state.opened(None))
    assert modify["add"][0]["digest"] == "one"
    state.received(json.dumps({"type": "connected", "protocol": 1, "contract": "c", "ts": 5}))
    state.received(transition((0, 0, 5), (1, 0, 5), {"queryId": 1, "unchanged": True}))
    rest = state.received(transition((1, 0, 5), (2, 0, 5), {"queryId": 150, "value": "b"}))
    assert [news.value for news in rest if isinstance(news, live.Updated)] == ["a", "b"]


def test_nothing_is_held_of_a_query_that_nobody_watches(live: Any) -> None:
    state = opened(live, "q")
    state.received(transition((0, 0, 5), (1, 0, 5), {"queryId": 1, "digest": "one", "value": "a"}))
    assert state.values.digest(1) == "one"
    state.unwatch(1)
    late = {"queryId": 1, "digest": "two", "base": "one", "diff": {"list": []}}
    assert state.received(transition((1, 0, 5), (1, 0, 6), late)) == []
    assert state.values.held == {}
