"""The server's side replays every conversation of tests/cases/sync; and what no conversation shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import orjson
import pytest
from pydantic import JsonValue, TypeAdapter

from schemagen.model.contract import FunctionKind
from schemagen.sync.effects import Close, Effect, Identify, RecallMutation, RunAction, RunMutation, Tag, Update
from schemagen.sync.encode import Outcome
from schemagen.sync.messages import ErrorObject, ServerMessage
from schemagen.sync.server import ACTIONS_IN_FLIGHT_MAX, Phase, Refuse, ServerSync
from schemagen.sync.value import Value, Values

CASES = sorted((Path(__file__).parents[1] / "cases" / "sync").glob("*.jsonl"))
FINGERPRINT = "9f2c51d07be3a846"
SERVER_MESSAGE: TypeAdapter[ServerMessage] = TypeAdapter(ServerMessage)

CLIENTS_OWN = ("note", "optimistic", "shown")
"""Lines that are of no concern to a server."""

Line: TypeAlias = dict[str, Any]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_conversation_is_as_written(case: Path) -> None:
    replay = Replay()
    lines: list[Line] = [json.loads(text) for text in case.read_text(encoding="utf-8").splitlines()]
    followers = [line["from"] for line in lines[1:]] + [""]
    for number, (line, follower) in enumerate(zip(lines, followers, strict=True), 1):
        if line["from"] in ("server", "effect"):
            assert replay.produced, f"{case.name}:{number}: the server said nothing, expected {line}"
            assert replay.produced.pop(0) == line, f"{case.name}:{number}"
        elif line["from"] not in CLIENTS_OWN:
            assert not replay.produced, f"{case.name}:{number}: unexpected before this line: {replay.produced}"
            replay.step(line["from"], line["message"])
            if not (line["from"] == follower == "engine"):  # what the engine tells in a row, it tells in one turn
                replay.take()
    assert not replay.produced


class Replay:
    """One client's connections, one after the other."""

    def __init__(self) -> None:
        self.values = Values()
        self.sync = ServerSync(FINGERPRINT, refuse, values=self.values)
        self.blocked = False
        self.produced: list[Line] = []

    def step(self, who: str, message: Line) -> None:
        match who, message["type"]:
            case "network", "opened":
                self.sync = ServerSync(FINGERPRINT, refuse, values=self.values)
            case "network", kind:
                self.blocked = kind == "blocked"
            case "client", _:
                self._perform(self.sync.receive(json.dumps(message)))
            case "engine", "news":
                tag = Tag(*message["tag"]) if message["tag"] else None
                changed = {int(query_id): outcome(found) for query_id, found in message["changed"].items()}
                self._perform(self.sync.news(message["ts"], changed, tag))
            case "engine", "mutated":
                self.sync.mutated(message["requestId"], message["ts"], outcome(message))
            case "engine", "acted":
                self.sync.acted(message["requestId"], outcome(message))
            case "engine", "met":
                outdated = message["outdated"]
                self._perform(self.sync.met(refusing(outdated), tuple(outdated)))
            case "engine", "refused":
                self.sync.refused(ErrorObject.model_validate(message["error"]))
            case "engine", "expired":
                self._perform(self.sync.expired(ErrorObject.model_validate(message["error"])))
            case _:
                raise AssertionError(f"unknown step: {who} {message}")

    def _perform(self, effects: list[Effect]) -> None:
        self.produced += [{"from": "effect", "message": effect_json(effect)} for effect in effects]

    def take(self) -> None:
        if self.blocked:
            return
        for frame in self.sync.take():
            SERVER_MESSAGE.validate_json(frame)  # the frames are joined by hand: each must be what the models say
            self.produced.append({"from": "server", "message": json.loads(frame)})


def outcome(message: Line) -> Outcome:
    if "error" in message:
        return ErrorObject.model_validate(message["error"])
    return orjson.dumps(message["value"])


def effect_json(effect: Effect) -> Line:
    match effect:
        case Identify(token):
            return {"type": "identify", "token": token}
        case Update(add, remove, tag):
            queries = {str(query_id): {"path": query.path, "args": query.args} for query_id, query in add.items()}
            return {"type": "update", "add": queries, "remove": list(remove), "tag": list(tag)}
        case RunMutation(request_id, path, args, key):
            return {"type": "runMutation", "requestId": request_id, "path": path, "args": args, "key": key}
        case RecallMutation(request_id, path, args, key):
            return {"type": "recallMutation", "requestId": request_id, "path": path, "args": args, "key": key}
        case RunAction(request_id, path, args):
            return {"type": "runAction", "requestId": request_id, "path": path, "args": args}
        case Close(code):
            return {"type": "close", "code": code}


def refuse(kind: FunctionKind, path: str) -> ErrorObject | None:
    """A backend with one query, one mutation and one action too many."""
    hints = {
        (FunctionKind.QUERY, "contacts.lst"): '; did you mean "contacts.list"?',
        (FunctionKind.MUTATION, "contacts.crate"): '; did you mean "contacts.create"?',
        (FunctionKind.MUTATION, "contacts.list"): "; it is a query",
        (FunctionKind.ACTION, "nothing.alike"): "",
    }
    hint = hints.get((kind, path))
    if hint is None:
        return None
    return ErrorObject(kind="unknownFunction", code="unknown_function", message=f'there is no {kind} "{path}"{hint}')


def refusing(outdated: list[str]) -> Refuse:
    """The same backend, for a client that some functions of it no longer fit."""

    def refusal(kind: FunctionKind, path: str) -> ErrorObject | None:
        if path not in outdated:
            return refuse(kind, path)
        data: dict[str, JsonValue] = {"function": path, "reason": "it is gone"}
        message = f"update this app: {path} has changed since it was built (it is gone)"
        return ErrorObject(kind="contractMismatch", code="contract_mismatch", message=message, data=data)

    return refusal


# --- what no conversation shows ---


def opened(max_queries: int = 1000, values: Values | None = None) -> ServerSync:
    """A connection; one that takes digests if `values` are given."""
    sync = ServerSync(FINGERPRINT, refuse, max_queries, values or Values())
    session = "4be0643f-1d98-473b-97cd-ca98a65347dd"
    hello = {"type": "connect", "protocol": 1, "session": session, "lastTs": 0, "contract": "", "token": None}
    sync.receive(json.dumps(hello | {"digests": values is not None}))
    sync.news(1, {}, Tag(0, 0))
    assert len(sync.take()) == 1
    return sync


def modify(base: int, add: range, remove: list[int]) -> str:
    queries = [{"queryId": query_id, "path": "contacts.list", "args": {}} for query_id in add]
    message = {"type": "modifyQuerySet", "baseVersion": base, "newVersion": base + 1, "add": queries, "remove": remove}
    return json.dumps(message)


def taken(sync: ServerSync) -> list[Line]:
    return [json.loads(frame) for frame in sync.take()]


@pytest.mark.parametrize(
    ("frame", "mistake"),
    [
        ("", "a frame is not JSON"),
        ('{"type":"ping"', "a frame is not JSON"),
        ('{"type":"mutation","requestId":1,"path":"a.b","args":{"x":NaN}}', "line 1 column 59"),
        ('{"type":"mutation","requestId":1,"path":"a.b","args":{"x":"\\ud800"}}', "a frame is not JSON"),
        ("[]", "valid dictionary or object"),
        ("null", "valid dictionary or object"),
        ("{}", "'type'"),
        ('{"type":"mutation","requestId":"1","path":"a.b","args":{}}', "mutation.requestId"),
        ('{"type":"mutation","requestId":true,"path":"a.b","args":{}}', "mutation.requestId"),
        ('{"type":"mutation","requestId":-1,"path":"a.b","args":{}}', "mutation.requestId"),
        ('{"type":"mutation","requestId":9007199254740992,"path":"a.b","args":{}}', "mutation.requestId"),
        ('{"type":"mutation","requestId":1,"path":"a.b","args":[]}', "mutation.args"),
        ('{"type":"mutation","requestId":1,"path":"a.b"}', "mutation.args"),
        ('{"type":"modifyQuerySet","baseVersion":0,"newVersion":1,"add":[{"queryId":1}],"remove":[]}', "add.0.path"),
        ('{"type":"connected","protocol":1,"contract":"","ts":1}', "'connected'"),
    ],
)
def test_a_malformed_frame_ends_the_connection_and_says_why(frame: str, mistake: str) -> None:
    sync = opened()
    assert [effect_json(effect) for effect in sync.receive(frame)] == [{"type": "close", "code": 4400}]
    (fatal,) = taken(sync)
    assert fatal["error"]["kind"] == fatal["error"]["code"] == "protocol"
    assert mistake in fatal["error"]["message"]
    assert sync.receive(modify(0, range(1), [])) == []  # nothing is heard any more


def test_keys_that_are_not_known_are_ignored() -> None:
    sync = opened()
    assert sync.receive('{"type":"ping","sentAt":17}') == []
    assert taken(sync) == [{"type": "pong"}]


def test_queries_beyond_the_limit_are_refused_one_by_one() -> None:
    sync = opened(max_queries=2)
    (update,) = sync.receive(modify(0, range(1, 5), []))
    assert isinstance(update, Update)
    assert list(update.add) == [1, 2]
    sync.news(1, {1: b"[]", 2: b"[]"}, update.tag)
    (transition,) = taken(sync)
    assert [change["queryId"] for change in transition["changes"] if "error" in change] == [3, 4]
    assert transition["changes"][2]["error"]["kind"] == "unavailable"
    assert len(sync.watched) == 2

    (update,) = sync.receive(modify(1, range(5, 6), [1]))  # one leaves, so one may come
    assert isinstance(update, Update)
    assert (list(update.add), update.remove) == ([5], (1,))


def test_a_refused_query_that_was_removed_meanwhile_is_not_sent() -> None:
    sync = opened(max_queries=0)
    sync.receive(modify(0, range(1, 3), []))
    sync.receive(modify(1, range(0), [1]))
    sync.news(1, {}, Tag(1, 0))
    (transition,) = taken(sync)
    assert [change["queryId"] for change in transition["changes"]] == [2]


def test_actions_beyond_the_limit_are_refused_and_free_their_place_when_they_end() -> None:
    sync = opened()
    frame = '{"type":"action","requestId":%d,"path":"emails.send","args":{}}'
    for request_id in range(ACTIONS_IN_FLIGHT_MAX):
        assert len(sync.receive(frame % request_id)) == 1
    assert sync.receive(frame % 500) == []
    (refused,) = taken(sync)
    assert (refused["requestId"], refused["error"]["kind"]) == (500, "unavailable")
    sync.acted(0, b"null")
    assert len(sync.receive(frame % 501)) == 1


def test_another_engine_is_asked_everything_anew() -> None:
    sync = opened()
    sync.receive(modify(0, range(1, 3), []))
    sync.news(1, {1: b"1", 2: b"2"}, Tag(1, 0))
    sync.take()
    sync.receive(modify(1, range(3, 4), []))  # the old engine never answers this

    def only_the_list(kind: FunctionKind, path: str) -> ErrorObject | None:
        return None if path == "contacts.list" else ErrorObject(kind="unknownFunction", code="", message=path)

    (update,) = sync.moved("another", only_the_list)
    assert isinstance(update, Update)
    assert (list(update.add), update.remove, update.tag) == ([1, 2, 3], (), Tag(2, 0))
    sync.news(1, {1: b"1", 2: b"22", 3: b"3"}, update.tag)
    (transition,) = taken(sync)
    assert transition["start"] == {"querySet": 1, "identity": 0, "ts": 1}
    assert transition["end"] == {"querySet": 2, "identity": 0, "ts": 1}


def test_another_engine_without_a_watched_function_turns_it_into_an_error_and_the_next_brings_it_back() -> None:
    sync = opened()
    sync.receive(modify(0, range(1, 2), []))
    sync.news(1, {1: b"1"}, Tag(1, 0))
    sync.take()
    gone = ErrorObject(kind="unknownFunction", code="unknown_function", message="gone")
    (update,) = sync.moved("another", lambda *_: gone)
    assert isinstance(update, Update)
    assert update.add == {}
    sync.news(2, {}, update.tag)
    assert taken(sync)[0]["changes"] == [{"queryId": 1, "error": json.loads(gone.model_dump_json(exclude_none=True))}]
    (update,) = sync.moved("third", lambda *_: None)
    assert isinstance(update, Update)
    assert list(update.add) == [1]


def test_a_move_while_connecting_still_greets_first() -> None:
    sync = ServerSync(FINGERPRINT, refuse)
    session = "4be0643f-1d98-473b-97cd-ca98a65347dd"
    hello = {"type": "connect", "protocol": 1, "session": session, "lastTs": 0, "contract": "", "token": None}
    sync.receive(json.dumps(hello))
    sync.receive(modify(0, range(1, 2), []))
    assert sync.phase is Phase.CONNECTING
    (update,) = sync.moved("another", refuse)
    assert isinstance(update, Update)
    sync.news(9, {1: b"1"}, update.tag)
    assert [message["type"] for message in taken(sync)] == ["connected", "transition"]


def test_memory_of_a_client_that_takes_nothing_is_bounded_by_its_queries() -> None:
    sync = opened()
    sync.receive(modify(0, range(1, 4), []))
    for ts in range(2, 1000):
        sync.news(ts, {1 + ts % 3: b"%d" % ts}, Tag(1, 0) if ts == 2 else None)
    assert len(sync.changes) == 3
    (transition,) = taken(sync)
    assert (transition["start"]["ts"], transition["end"]["ts"]) == (1, 999)
    assert sorted(change["value"] for change in transition["changes"]) == [997, 998, 999]


def frames_of_cases() -> Iterator[str]:
    for case in CASES:
        for text in case.read_text(encoding="utf-8").splitlines():
            line = json.loads(text)
            if line["from"] == "client":
                yield json.dumps(line["message"])


def test_no_frame_however_mutilated_raises() -> None:
    for frame in frames_of_cases():
        for cut in range(0, len(frame), 7):
            for mutilated in (frame[:cut], frame[:cut] + frame[cut + 3 :], frame[:cut] + "0" + frame[cut:]):
                opened().receive(mutilated)


# --- values by digest ---


def watching(values: Values, digest: str | None, first: bytes) -> tuple[ServerSync, Line]:
    """A connection that watches query 1, and the change that brought its first result."""
    sync = opened(values=values)
    query = {"queryId": 1, "path": "contacts.list", "args": {}, **({"digest": digest} if digest else {})}
    sync.receive(
        json.dumps({"type": "modifyQuerySet", "baseVersion": 0, "newVersion": 1, "add": [query], "remove": []})
    )
    sync.news(1, {1: first}, Tag(1, 0))
    return sync, change(sync)


def change(sync: ServerSync) -> Line:
    """The one change of the one frame that is ready."""
    (frame,) = sync.take()
    (found,) = json.loads(frame)["changes"]
    assert isinstance(found, dict)
    return found


def contacts(*renamed: int) -> bytes:
    return orjson.dumps([{"id": f"c{n}", "name": "Ada" if n in renamed else f"Contact {n}"} for n in range(30)])


def test_a_client_that_comes_back_is_told_the_change_if_others_made_the_server_remember() -> None:
    values = Values()
    first, whole = watching(values, None, contacts())
    other, _ = watching(values, None, contacts())
    other.news(2, {1: contacts(3)}, None)
    assert "diff" in change(other)
    _, resumed = watching(values, whole["digest"], contacts(3))
    assert resumed["base"] == whole["digest"]
    assert resumed["diff"] == {"list": [[0, 3], {"new": [{"id": "c3", "name": "Ada"}]}, [4, 26]]}
    del first


def test_a_query_id_that_is_used_again_builds_on_nothing_of_the_query_before() -> None:
    sync, _ = watching(Values(), None, contacts())
    query = {"queryId": 1, "path": "contacts.list", "args": {"other": True}}
    sync.receive(json.dumps({"type": "modifyQuerySet", "baseVersion": 1, "newVersion": 2, "add": [], "remove": [1]}))
    sync.receive(
        json.dumps({"type": "modifyQuerySet", "baseVersion": 2, "newVersion": 3, "add": [query], "remove": []})
    )
    sync.news(1, {}, Tag(2, 0))
    sync.news(1, {1: contacts()}, Tag(3, 0))
    assert change(sync)["value"] == json.loads(contacts())


def test_an_engine_that_takes_over_sends_only_what_differs() -> None:
    sync, _ = watching(Values(), None, contacts())
    sync.moved(FINGERPRINT, refuse)
    sync.news(1, {1: contacts()}, Tag(1, 0))
    assert change(sync) == {"queryId": 1, "unchanged": True}


def test_a_digest_that_is_too_long_to_be_one_ends_the_connection() -> None:
    sync = opened(values=Values())
    query = {"queryId": 1, "path": "contacts.list", "args": {}, "digest": "x" * 65}
    message = {"type": "modifyQuerySet", "baseVersion": 0, "newVersion": 1, "add": [query], "remove": []}
    assert [type(effect) for effect in sync.receive(json.dumps(message))] == [Close]


def test_a_digest_of_a_client_that_did_not_ask_for_them_is_ignored() -> None:
    sync = opened()
    query = {"queryId": 1, "path": "contacts.list", "args": {}, "digest": Value(contacts()).digest}
    sync.receive(
        json.dumps({"type": "modifyQuerySet", "baseVersion": 0, "newVersion": 1, "add": [query], "remove": []})
    )
    sync.news(1, {1: contacts()}, Tag(1, 0))
    assert change(sync).keys() == {"queryId", "value"}
