"""One simulated client and its connection: what an SDK keeps on one side, what a socket's session does on the other."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from schemagen import Identity
from schemagen.engine.answer import Answer, Delta, Watch
from schemagen.engine.runtime import Subscriber
from schemagen.model.contract import FunctionKind
from schemagen.serve.errors import error_object, outcome, unauthenticated
from schemagen.sync.effects import Close, Effect, Identify, RecallMutation, RunAction, RunMutation, Tag, Update
from schemagen.sync.server import ServerSync
from tests.engine.simulation.held import Held
from tests.engine.simulation.model import flat
from tests.engine.simulation.pages import LivePage, check_tiles

if TYPE_CHECKING:
    from tests.engine.simulation.world import Moment, World

NAMES = (None, "ada", "grace", "refused")
"""Tokens are the names of their callers; the last is refused."""


@dataclass
class Asked:
    """One query of a client."""

    reads: list[Any]
    since: int
    """The query-set version that added it."""
    page: LivePage | None = None
    timed: bool = False
    """Whether its result depends on the time, too."""


class Client:
    """Watches, mutates, loses its connection and comes back; checks all that it is told."""

    def __init__(self, world: World, number: int) -> None:
        self.world = world
        self.session = str(UUID(int=number, version=4))
        self.queries: dict[int, Asked] = {}
        self.chain: list[int] = []
        """Queries that are pages of one list, in order."""
        self.unfinished: dict[int, list[Any]] = {}
        """Mutations that were not answered, by request id."""
        self.resent: set[int] = set()
        """Those of them that an earlier connection sent."""
        self.shown: list[int] = []
        """Mutations that the last transition named, and that are not answered."""
        self.requests = 0
        self.query_ids = 0
        self.name: str | None = world.random.choice(NAMES)
        self.generation = 0
        self.sync: ServerSync | None = None
        self.subscriber: Subscriber | None = None
        self.identity: Identity | None = None
        self.version: tuple[int, int, int] | None = None
        self.results: dict[int, Any] = {}
        self.callers: list[str | None] = []
        """Who the caller is at each identity version."""
        self.added: dict[Tag, list[int]] = {}
        self.held = Held() if world.random.random() < 0.6 else None
        """What it can be spared; None for a client that does not ask for digests."""

    @property
    def connected(self) -> bool:
        return self.sync is not None

    # --- the client's side ---

    def connect(self) -> None:
        """A new socket: everything is asked anew, and unfinished mutations are sent again."""
        self.generation += 1
        self.sync = ServerSync("", serves_everything, values=self.world.values)
        self.version, self.results, self.identity, self.added, self.shown = None, {}, None, {}, []
        self.callers = [self.name]
        self.attach()
        hello = {"type": "connect", "protocol": 1, "session": self.session, "lastTs": 0, "contract": ""}
        self.send({**hello, "token": self.name, "digests": self.held is not None})
        if self.queries:
            self.modify(list(self.queries), [])
        self.resent = set(self.unfinished)
        for request_id, writes in self.unfinished.items():
            self.send_mutation(request_id, writes)

    def lose(self) -> None:
        """The connection is gone; what was on its way is lost."""
        self.generation += 1
        if self.subscriber is not None:
            self.subscriber.close()
        self.sync = self.subscriber = None

    def watch(self, reads: list[Any], *, timed: bool = False, query_id: int | None = None) -> int:
        """Watch one more query, under a new id or one that a query had before; its id."""
        if query_id is None:
            query_id = self.query_ids = self.query_ids + 1
        page = LivePage(reads[0]) if reads[0]["way"] == "page" else None
        self.queries[query_id] = Asked(reads, 0, page, timed)
        self.modify([query_id], [])
        return query_id

    def unwatch(self, query_ids: list[int]) -> None:
        for query_id in query_ids:
            del self.queries[query_id]
            self.results.pop(query_id, None)
            if self.held is not None:
                self.held.forget(query_id)
        self.chain = self.chain[: min((self.chain.index(q) for q in query_ids if q in self.chain), default=None)]
        self.modify([], query_ids)

    def modify(self, add: list[int], remove: list[int]) -> None:
        assert self.sync is not None
        base = self.sync.query_set
        for query_id in add:
            self.queries[query_id].since = base + 1
        new = [self._to_watch(query_id) for query_id in add]
        versions = {"baseVersion": base, "newVersion": base + 1}
        self.send({"type": "modifyQuerySet", **versions, "add": new, "remove": remove})

    def _to_watch(self, query_id: int) -> dict[str, Any]:
        asked = {"queryId": query_id, "path": "app.look", "args": {"reads": self.queries[query_id].reads}}
        return asked if self.held is None else asked | self.held.known(query_id)

    def sign_in(self, name: str | None) -> None:
        assert self.sync is not None
        self.name = name
        self.callers.append(name)
        base = self.sync.identity
        self.send({"type": "authenticate", "baseVersion": base, "newVersion": base + 1, "token": name})

    def mutate(self, writes: list[Any]) -> None:
        self.requests += 1
        self.unfinished[self.requests] = writes
        self.send_mutation(self.requests, writes)

    def send_mutation(self, request_id: int, writes: list[Any]) -> None:
        args = {"writes": writes}
        self.send({"type": "mutation", "requestId": request_id, "path": "app.change", "args": args})

    def send(self, message: dict[str, Any]) -> None:
        assert self.sync is not None
        self.perform(self.sync.receive(json.dumps(message)))

    # --- the session's side, as `schemagen/serve/websocket.py` has it ---

    def attach(self) -> None:
        self.subscriber = self.world.runtime.subscriber(partial(self.hear, self.generation))

    def moved(self) -> None:
        """Another engine took over; the connection stays."""
        assert self.sync is not None
        self.generation += 1
        self.attach()
        self.perform(self.sync.moved("", serves_everything))

    def perform(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Identify(token):
                    self.identity = None if token is None else Identity(subject=token, claims={})
                    if token == "refused":
                        self.identity = None
                        assert self.sync is not None
                        self.sync.refused(unauthenticated("refused"))
                case Update(add, remove, tag):
                    assert self.subscriber is not None
                    self.added.setdefault(tag, []).extend(add)
                    watches = {query_id: Watch(query.path, query.args) for query_id, query in add.items()}
                    self.subscriber.update(add=watches, remove=remove, identity=self.identity, tag=tag)
                case RunMutation(request_id, _, args, key):
                    answered = partial(self.answered, self.sync, request_id)
                    self.world.ask_mutation(args["writes"], self.identity, key, answered)
                case RunAction() | RecallMutation() | Close():
                    raise AssertionError(effect)

    def hear(self, generation: int, delta: Delta) -> None:
        if generation != self.generation or self.sync is None:
            return
        if isinstance(delta.tag, Tag):
            self._check_first_pages(delta, delta.tag.query_set, self.added.pop(delta.tag, []))
        changed = {q: v if isinstance(v, bytes) else error_object(v) for q, v in delta.changed.items()}
        assert delta.tag is None or isinstance(delta.tag, Tag)
        self.perform(self.sync.news(delta.ts, changed, delta.tag))

    def _check_first_pages(self, delta: Delta, query_set: int, added: list[int]) -> None:
        for query_id in added:
            asked, result = self.queries.get(query_id), delta.changed[query_id]
            if asked is not None and asked.page is not None and asked.since <= query_set:
                assert isinstance(result, bytes)
                items = orjson.loads(result)["items"]
                asked.page.pin = None  # a new connection or engine may end the page elsewhere
                assert len(items) <= asked.page.what["size"], "a new page is longer than was asked for"

    def answered(self, sync: ServerSync | None, request_id: int, answer: Answer) -> None:
        """Told right after the news of the commit."""
        if sync is not None and sync is self.sync:
            sync.mutated(request_id, answer.ts, outcome(answer))

    # --- what the client is told ---

    def take(self) -> None:
        """Read all that is ready, and look at every result."""
        if self.sync is None:
            return
        for frame in self.sync.take():
            self.receive(json.loads(frame))
        assert self.sync.take() == []
        if self.version is not None:
            self.check(self.world.delivered)

    def receive(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "connected":
                assert self.version is None
                self.version = (0, 0, message["ts"])
            case "transition":
                assert _stand(message["start"]) == self.version, "a transition starts where the client does not stand"
                end = _stand(message["end"])
                assert all(new >= old for new, old in zip(end, self.version or (), strict=True)), "time ran backwards"
                assert not self.shown, "a mutation was named, and not answered before the next transition"
                self.shown = message.get("mutations") or []
                self.version = end
                for change in message["changes"]:
                    query_id = change["queryId"]
                    if query_id in self.queries:
                        assert self.queries[query_id].since <= end[0], "a result of a query that was not asked yet"
                        self.results[query_id] = _told(change) if self.held is None else self.held.told(change)
            case "mutationResponse":
                assert self.version is not None
                assert self.version[2] >= message["ts"], "a mutation is answered before it is visible"
                self._answered(message["requestId"], message["ts"], _told(message))
            case "authError":
                assert self.callers[message["identityVersion"]] == "refused"
                self.callers[message["identityVersion"]] = None
            case kind:
                raise AssertionError(f"{kind}: {message}")

    def _answered(self, request_id: int, ts: int, outcome: Any) -> None:
        del self.unfinished[request_id]
        done = self.world.check_answer(f"{self.session}:{request_id}", ts, outcome)
        if request_id in self.shown:
            self.shown.remove(request_id)
        elif outcome == done.outcome and not isinstance(outcome, dict):
            assert request_id in self.resent or not done.moved, (
                "a mutation was shown by a transition that did not name it"
            )

    def check(self, moment: Moment) -> None:
        """Every result is what asking from scratch gives, at the client's timestamp and at all it was told of."""
        assert self.version is not None
        query_set, identity, ts = self.version
        assert ts <= moment.ts
        caller = self.callers[identity]
        for query_id, asked in self.queries.items():
            if asked.since > query_set:
                continue
            assert query_id in self.results, "a query has no result"
            given = self.results[query_id]
            if asked.page is not None:
                asked.page.check(moment.view(caller), given)
                continue
            assert given == moment.outcome(asked.reads, caller), f"a result is not that of {moment}"
            at = self.world.moment_of(ts)
            if not asked.timed and at.state is not moment.state:
                assert given == at.outcome(asked.reads, caller), f"a result is not that of {at}, where the client is"
        self._check_chain(moment, caller, query_set)

    def _check_chain(self, moment: Moment, caller: str | None, query_set: int) -> None:
        chain = [query_id for query_id in self.chain if self.queries[query_id].since <= query_set]
        if chain and chain[0] == self.chain[0]:
            shown = [(self.queries[query_id].reads[0], self.results[query_id]) for query_id in chain]
            check_tiles(shown, moment.view(caller))

    def turn_pages(self) -> None:
        """Start a list of pages, or ask for its next one; drop pages that no longer follow the one before."""
        if not self.chain:
            others = [each.queries[each.chain[0]].reads for each in self.world.clients if each.chain]
            shared = others and self.world.random.random() < 0.5
            self.chain = [self.watch(others[0] if shared else [self.world.programs.page()])]
            return
        for at, query_id in enumerate(self.chain):
            if query_id not in self.results:
                return
            cursor = self.results[query_id]["cursor"]
            following = self.chain[at + 1 :]
            if following and self.queries[following[0]].reads[0]["cursor"] != cursor:
                self.unwatch(following)
                return
        if cursor is not None and len(self.chain) < 4:
            self.chain.append(self.watch([self.queries[self.chain[-1]].reads[0] | {"cursor": cursor}]))


def _told(message: dict[str, Any]) -> Any:
    """A value, or the code of an error."""
    return {"error": message["error"]["code"]} if "error" in message else message["value"]


def _stand(version: dict[str, int]) -> tuple[int, int, int]:
    return version["querySet"], version["identity"], version["ts"]


def serves_everything(kind: FunctionKind, path: str) -> None:
    return None


def depends_on_time(reads: list[Any]) -> bool:
    return any(what["way"] == "tick" for what in flat(reads))
