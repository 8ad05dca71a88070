"""Seeded simulation: random clients, commits, sign-ins, removals, slow reading and lost connections, in any order.

The engine here is the smallest that keeps what `schemagen/engine` promises: one serial queue of work; news of a commit
and, in the same turn, the answer of the mutation that made it; one answer to every update, with its tag. After
every frame the model client must show exactly what evaluating its queries at its version gives. Every other client
takes digests: it says what it holds when it comes back, and is told changes of long lists by what it was sent before.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

import orjson
import pytest

from schemagen.model.contract import FunctionKind
from schemagen.sync.effects import Close, Effect, Identify, RecallMutation, RunAction, RunMutation, Update, Watched
from schemagen.sync.encode import Outcome
from schemagen.sync.messages import ErrorObject
from schemagen.sync.server import ServerSync
from schemagen.sync.value import Values
from tests.sync.holding import Holding

SESSION = "4be0643f-1d98-473b-97cd-ca98a65347dd"
CELLS = 4
ROWS = 22


@dataclass
class Engine:
    """Some counters; query `cell.<n>` reads one, and the caller's name with it if n is even.

    Query `rows.<n>` gives it as a list, of which a step of the counter changes a row, and now and then the length.
    """

    history: list[dict[int, int]] = field(default_factory=lambda: [dict.fromkeys(range(CELLS), 0)])
    """The counters after each commit; the timestamp is the position."""
    answers: dict[str, int] = field(default_factory=dict)
    """Mutation key → the timestamp it committed at."""
    watched: dict[int, Watched] = field(default_factory=dict)
    caller: str | None = None

    @property
    def ts(self) -> int:
        return len(self.history) - 1

    def value(self, path: str, ts: int, caller: str | None) -> Any:
        cell = cell_of(path)
        count, name = self.history[ts][cell], caller if cell % 2 == 0 else ""
        if path.startswith("cell."):
            return f"{count}{name}"
        rows = [{"id": f"r{row}", "steps": (count + row) // ROWS} for row in range(ROWS + count // 5)]
        return [*rows, {"id": "last", "steps": count, "caller": name}]

    def results(self, query_ids: list[int]) -> dict[int, Outcome]:
        return {q: orjson.dumps(self.value(self.watched[q].path, self.ts, self.caller)) for q in query_ids}

    def commit(self, cell: int) -> dict[int, Outcome]:
        self.history.append(self.history[-1] | {cell: self.history[-1][cell] + 1})
        return self.results([q for q, watch in self.watched.items() if cell_of(watch.path) == cell])

    def update(self, update: Update, caller: str | None) -> dict[int, Outcome]:
        for query_id in update.remove:
            del self.watched[query_id]
        self.watched |= update.add
        changed = set(update.add)
        if caller != self.caller:
            changed |= {q for q, watch in self.watched.items() if cell_of(watch.path) % 2 == 0}
        self.caller = caller
        return self.results(sorted(changed))


@dataclass
class Client:
    """What an SDK keeps: its query set, unfinished mutations, and one version of all results."""

    queries: dict[int, str] = field(default_factory=dict)
    unfinished: dict[int, int] = field(default_factory=dict)  # request id → cell
    finished: dict[int, int] = field(default_factory=dict)  # request id → ts
    resent: set[int] = field(default_factory=set)  # of the unfinished, those that an earlier connection sent
    named: set[int] = field(default_factory=set)  # by the last transition, and not answered yet
    since: dict[int, int] = field(default_factory=dict)  # query id → the query-set version that added it
    next_query: int = 1
    next_request: int = 1
    query_set: int = 0
    identity: int = 0
    names: list[str | None] = field(default_factory=lambda: [None])  # by identity version
    sets: list[dict[int, str]] = field(default_factory=lambda: [{}])  # by query-set version
    version: tuple[int, int, int] | None = None
    results: dict[int, Any] = field(default_factory=dict)
    holding: Holding = field(default_factory=Holding)


class World:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.digests = seed % 2 == 1
        self.values = Values()
        self.engine = Engine()
        self.client = Client()
        self.work: deque[Callable[[], None]] = deque()
        self.connect()

    def connect(self) -> None:
        """A new socket: what the engine still does for the old one reaches nobody, but mutations run."""
        client = self.client
        self.generation = object()
        self.sync = ServerSync("", serves_everything, values=self.values)
        self.engine.watched, self.engine.caller = {}, None
        self.caller: str | None = None
        client.version, client.results = None, {}
        client.query_set = client.identity = 0
        client.resent, client.named = set(client.unfinished), set()
        client.names, client.sets = [self.random.choice([None, "ada", "bad"])], [{}]
        hello = {"type": "connect", "protocol": 1, "session": SESSION, "lastTs": 0, "contract": ""}
        self.send({**hello, "token": client.names[0], **({"digests": True} if self.digests else {})})
        if client.queries:
            self.modify(dict(client.queries), [])
        for request_id, cell in client.unfinished.items():
            self.send_mutation(request_id, cell)

    def send(self, message: dict[str, Any]) -> None:
        self.perform(self.sync.receive(json.dumps(message)))

    def perform(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Identify(token):
                    self.caller = token
                    if token == "bad":
                        self.caller = None
                        self.sync.refused(ErrorObject(kind="unauthenticated", code="unauthenticated", message="bad"))
                case Update():
                    self.work.append(self.for_this_socket(partial(self.run_update, effect, self.caller)))
                case RunMutation(request_id, _, args, key):
                    cell = args["cell"]
                    assert isinstance(cell, int)
                    self.work.append(partial(self.run_mutation, request_id, cell, key, self.generation))
                case RecallMutation() | RunAction() | Close():
                    raise AssertionError(effect)

    def for_this_socket(self, work: Callable[[], None]) -> Callable[[], None]:
        generation = self.generation
        return lambda: work() if generation is self.generation else None

    def run_update(self, update: Update, caller: str | None) -> None:
        changed = self.engine.update(update, caller)
        self.perform(self.sync.news(self.engine.ts, changed, update.tag))

    def run_mutation(self, request_id: int, cell: int, key: str, generation: object) -> None:
        if key not in self.engine.answers:
            self.commit(cell)
            self.engine.answers[key] = self.engine.ts
        ts = self.engine.answers[key]
        if generation is self.generation:
            self.sync.mutated(request_id, ts, b"null")

    def commit(self, cell: int) -> None:
        changed = self.engine.commit(cell)
        if changed:
            self.perform(self.sync.news(self.engine.ts, changed, None))

    def modify(self, add: dict[int, str], remove: list[int]) -> None:
        client = self.client
        holding = client.holding
        queries = [{"queryId": q, "path": path, "args": {}, **holding.digest(q)} for q, path in add.items()]
        base = client.query_set
        client.query_set += 1
        client.sets.append(dict(client.queries))
        client.since |= dict.fromkeys(add, client.query_set)
        versions = {"baseVersion": base, "newVersion": base + 1}
        self.send({"type": "modifyQuerySet", **versions, "add": queries, "remove": remove})

    def send_mutation(self, request_id: int, cell: int) -> None:
        self.send({"type": "mutation", "requestId": request_id, "path": "cell.add", "args": {"cell": cell}})

    def step(self) -> None:
        client, random = self.client, self.random
        match random.choice(
            ["engine"] * 7 + ["take"] * 3 + ["watch", "unwatch", "mutate", "sign in", "commit", "lose"]
        ):
            case "engine" if self.work:
                self.work.popleft()()
            case "take":
                self.take()
            case "watch" if len(client.queries) < 5:
                query_id = client.next_query
                if random.random() < 0.8:
                    client.next_query += 1
                else:  # an id that was used before
                    query_id = next(q for q in range(1, query_id + 1) if q not in client.queries)
                    client.next_query = max(client.next_query, query_id + 1)
                client.queries[query_id] = f"{random.choice(['cell', 'rows'])}.{random.randrange(CELLS)}"
                self.modify({query_id: client.queries[query_id]}, [])
            case "unwatch" if client.queries:
                query_id = random.choice(sorted(client.queries))
                del client.queries[query_id]
                client.results.pop(query_id, None)
                client.holding.held.pop(query_id, None)
                self.modify({}, [query_id])
            case "mutate" if len(client.unfinished) < 4:
                client.unfinished[client.next_request] = cell = random.randrange(CELLS)
                self.send_mutation(client.next_request, cell)
                client.next_request += 1
            case "sign in":
                base = client.identity
                client.identity += 1
                client.names.append(random.choice([None, "ada", "grace", "bad"]))
                versions = {"baseVersion": base, "newVersion": base + 1}
                self.send({"type": "authenticate", **versions, "token": client.names[-1]})
            case "commit":
                self.work.append(lambda: self.commit(random.randrange(CELLS)))
            case "lose" if random.random() < (0.3 if self.digests else 0.1):
                self.connect()
            case _:
                pass

    def take(self) -> None:
        for frame in self.sync.take():
            self.client_receives(json.loads(frame))
        assert self.sync.take() == []

    def client_receives(self, message: dict[str, Any]) -> None:
        client = self.client
        match message["type"]:
            case "connected":
                assert client.version is None
                client.version = (0, 0, message["ts"])
            case "transition":
                assert stand(message["start"]) == client.version, "a gap"
                end = stand(message["end"])
                assert all(new >= old for new, old in zip(end, client.version, strict=True)), "time runs backwards"
                self.check_named(client.version[2], end[2], message.get("mutations", []))
                client.version = end
                for change in message["changes"]:
                    assert change["queryId"] not in client.queries or client.since[change["queryId"]] <= end[0], "stale"
                    client.results[change["queryId"]] = client.holding.take(change)
                self.check_results()
            case "mutationResponse":
                assert client.version is not None
                assert client.version[2] >= message["ts"], "answered before it is visible"
                assert self.engine.answers[f"{SESSION}:{message['requestId']}"] == message["ts"]
                del client.unfinished[message["requestId"]]
                client.named.discard(message["requestId"])
                client.finished[message["requestId"]] = message["ts"]
            case "authError":
                assert client.names[message["identityVersion"]] == "bad"
                assert client.version is None or client.version[1] <= message["identityVersion"], "refused too late"
                client.names[message["identityVersion"]] = None
            case kind:
                raise AssertionError(kind)

    def check_named(self, start_ts: int, end_ts: int, mutations: list[int]) -> None:
        """A step that shows what a mutation did names it, unless an earlier connection may have run it."""
        client = self.client
        assert not client.named, "a transition before the responses of the one before"
        client.named = set(mutations)
        ran_at = {r: self.engine.answers.get(f"{SESSION}:{r}", 0) for r in client.unfinished.keys() - client.resent}
        assert {r for r, ts in ran_at.items() if start_ts < ts <= end_ts} == client.named - client.resent

    def check_results(self) -> None:
        """All results stand at one version, and are what evaluating from scratch gives there."""
        client = self.client
        assert client.version is not None
        query_set, identity, ts = client.version
        for query_id, path in client.sets[query_set].items():
            if client.queries.get(query_id) == path and query_id in client.results:
                assert client.results[query_id] == self.engine.value(path, ts, client.names[identity])
        if query_set == client.query_set:
            assert client.results.keys() == client.queries.keys(), "a query has no result, or a stale one is shown"

    def settle(self) -> None:
        while self.work:
            self.work.popleft()()
        self.take()


def cell_of(path: str) -> int:
    return int(path.rpartition(".")[2])


def serves_everything(kind: FunctionKind, path: str) -> None:
    return None


def stand(version: dict[str, int]) -> tuple[int, int, int]:
    return version["querySet"], version["identity"], version["ts"]


@pytest.mark.parametrize("seed", range(200))
def test_every_promise_holds_in_any_order_of_events(seed: int) -> None:
    world = World(seed)
    for _ in range(150):
        world.step()
    world.settle()
    client = world.client
    assert not client.unfinished
    assert not client.named
    assert sorted(client.finished) == list(range(1, client.next_request)), "a mutation ran twice or never"
    assert client.version is not None
    assert client.version[:2] == (client.query_set, client.identity)
    current = {q: world.engine.value(path, world.engine.ts, client.names[-1]) for q, path in client.queries.items()}
    assert client.results == current
    if not world.digests:
        assert set(client.holding.kinds) <= {"value"} and not client.holding.held


def test_clients_that_take_digests_meet_every_way_of_being_told() -> None:
    kinds: Counter[str] = Counter()
    for seed in range(1, 80, 2):
        world = World(seed)
        for _ in range(150):
            world.step()
        kinds.update(world.client.holding.kinds)
    assert kinds.keys() == {"value", "unchanged", "diff"}
    assert min(kinds.values()) >= 20, kinds
