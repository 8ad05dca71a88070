"""The server's side of one connection, as a state machine: frames and engine news in, effects and frames out.

No socket, no clock, no engine: `schemagen/serve/websocket.py` performs the effects in the order given, each before it
passes in the next frame. docs/protocol.md says what clients are promised; tests/cases/sync holds conversations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, TypeAlias, assert_never

from orjson import JSONDecodeError, loads
from pydantic import TypeAdapter, ValidationError

from schemagen.model.contract import FunctionKind
from schemagen.sync.effects import (
    Close,
    Effect,
    Identify,
    RecallMutation,
    RunAction,
    RunMutation,
    Tag,
    Update,
    Watched,
)
from schemagen.sync.encode import (
    Outcome,
    Stand,
    encode_action_response,
    encode_message,
    encode_mutation_response,
    encode_outcome,
    encode_transition,
)
from schemagen.sync.held import HeldValues
from schemagen.sync.messages import (
    PROTOCOL,
    Action,
    Authenticate,
    AuthError,
    ClientMessage,
    Connect,
    Connected,
    ErrorKind,
    ErrorObject,
    FatalError,
    ModifyQuerySet,
    Mutation,
    Ping,
    Pong,
)
from schemagen.sync.value import Values

CLOSE_PROTOCOL: Final = 4400
"""The client broke the protocol; a new connection starts afresh."""
CLOSE_SILENT: Final = 4408
"""No `connect` came in time."""
CLOSE_UNSUPPORTED: Final = 4426
"""The client speaks another protocol number; connecting again does not help."""
CLOSE_RESTART: Final = 1012
"""The server restarts, or serves another history of the data; the client connects again and sends its state anew."""

ACTIONS_IN_FLIGHT_MAX: Final = 100
"""Beyond it, actions are refused on that connection."""

_START: Final = Stand(0, 0, 0)

Refuse: TypeAlias = Callable[[FunctionKind, str], "ErrorObject | None"]
"""Why a path names no public function of that kind that fits the client; None if it does."""


class Phase(Enum):
    NEW = auto()  # waiting for `connect`
    MEETING = auto()  # built from another contract: waiting for what no longer fits
    CONNECTING = auto()  # waiting for the engine's first news, which says where the client stands
    OPEN = auto()
    CLOSED = auto()


@dataclass(slots=True)
class ServerSync:
    """One connection. Holds no caller; of results those of the one transition that is not yet taken, and `held`."""

    contract: str
    """Fingerprint of what is served."""
    refuse: Refuse
    max_queries: int = 1000
    values: Values = field(default_factory=Values)
    """What the clients of this server hold."""
    phase: Phase = Phase.NEW
    hello: Connect | None = None
    """What the client began with."""
    outdated: tuple[str, ...] | None = None
    """Functions that no longer fit its contract, sorted; None if nobody knows, or it is the one that is served."""
    session: str = ""
    """The client's own name for its life; with a request id it is the key of a mutation."""
    query_set: int = 0
    """Version of the last `modifyQuerySet` accepted."""
    identity: int = 0
    """Version of the last `authenticate` accepted."""
    watched: dict[int, Watched] = field(default_factory=dict)
    """The query set, by query id; those that name no function included, since the next engine may know it."""
    refusals: dict[Tag, dict[int, ErrorObject]] = field(default_factory=dict)
    """Results of queries that never went to the engine; they go out with its answer to the update of that tag."""
    actions: int = 0
    """Actions in flight."""
    sent: Stand = _START
    """Where the client stands once it has read all that was taken."""
    reached: Stand = _START
    """Where `changes` brings it."""
    changes: dict[int, Outcome] = field(default_factory=dict)
    """Results that differ between `sent` and `reached`: one per query at most, so a slow client costs no more."""
    visible: list[int] = field(default_factory=list)
    """Mutations that `changes` shows the effect of; their answers are among `responses`."""
    held: HeldValues | None = None
    """What this client holds; None for one that did not ask for digests."""
    notices: list[str] = field(default_factory=list)
    """Frames that go before the transition."""
    responses: list[str] = field(default_factory=list)
    """Frames that go after it, since they promise what it brings."""

    # --- from the client ---

    def receive(self, frame: str) -> list[Effect]:
        """One frame of the client. Nothing it can contain raises."""
        if self.phase is Phase.CLOSED:
            return []
        try:
            message = _CLIENT_MESSAGE.validate_python(loads(frame))
        except JSONDecodeError as error:
            return self.fail(f"a frame is not JSON: {error}")
        except ValidationError as error:
            return self.fail(_message_mistake(error))
        if self.phase is Phase.NEW and not isinstance(message, Connect):
            return self.fail(f'the first message must be "connect", got "{message.type}"')
        match message:
            case ModifyQuerySet():
                return self._modify_query_set(message)
            case Mutation():
                return self._run_mutation(message)
            case Action():
                return self._run_action(message)
            case Ping():
                self.responses.append(_PONG)
                return []
            case Authenticate():
                return self._authenticate(message)
            case Connect():
                return self._connect(message)
            case _:
                assert_never(message)

    def _connect(self, message: Connect) -> list[Effect]:
        if self.phase is not Phase.NEW:
            return self.fail('"connect" came twice; it is the first message of a connection, and only that')
        if message.protocol != PROTOCOL:
            return self.fail(
                f"this server speaks protocol {PROTOCOL}, this client {message.protocol}; "
                "the client needs an SDK generated by the schemagen version that serves",
                CLOSE_UNSUPPORTED,
            )
        self.hello = message
        self.session = str(message.session)
        self.held = HeldValues(self.values) if message.digests else None
        if message.contract not in ("", self.contract):
            self.phase = Phase.MEETING
            return []
        return self._greet(message)

    def _greet(self, hello: Connect) -> list[Effect]:
        self.phase = Phase.CONNECTING
        return [Identify(hello.token), Update({}, (), Tag(0, 0))]

    def _modify_query_set(self, message: ModifyQuerySet) -> list[Effect]:
        mistake = _version_mistake("query set", message, self.query_set) or _query_id_mistake(message, self.watched)
        if mistake:
            return self.fail(mistake)
        self.query_set = message.new_version
        removed = self._unwatch(message.remove)
        for query in message.add:
            if self.held is not None and query.digest is not None:
                self.held.resume(query.query_id, query.digest)
        return [self._update({q.query_id: Watched(q.path, q.args, self.query_set) for q in message.add}, removed)]

    def _unwatch(self, query_ids: list[int]) -> tuple[int, ...]:
        """Forget these queries and what is ready to go out for them; gives those that the engine knows."""
        known = []
        for query_id in query_ids:
            self.changes.pop(query_id, None)
            if self.held is not None:
                self.held.forget(query_id)
            for refused in self.refusals.values():
                refused.pop(query_id, None)
            query = self.watched.pop(query_id, None)
            if query is not None and not self.refuse(FunctionKind.QUERY, query.path):
                known.append(query_id)
        return tuple(known)

    def _update(self, queries: Mapping[int, Watched], removed: tuple[int, ...]) -> Update:
        """Watch these queries; those the engine need not see get their result from here."""
        tag = Tag(self.query_set, self.identity)
        add: dict[int, Watched] = {}
        refused: dict[int, ErrorObject] = {}
        for query_id, query in queries.items():
            if len(self.watched) >= self.max_queries and query_id not in self.watched:
                refused[query_id] = _too_many_queries(self.max_queries)
                continue
            self.watched[query_id] = query
            if refusal := self.refuse(FunctionKind.QUERY, query.path):
                refused[query_id] = refusal
            else:
                add[query_id] = query
        if refused:
            self.refusals.setdefault(tag, {}).update(refused)
        return Update(add, removed, tag)

    def _authenticate(self, message: Authenticate) -> list[Effect]:
        if mistake := _version_mistake("identity", message, self.identity):
            return self.fail(mistake)
        self.identity = message.new_version
        return [Identify(message.token), self._update({}, ())]

    def _run_mutation(self, message: Mutation) -> list[Effect]:
        key = f"{self.session}:{message.request_id}"
        refusal = self.refuse(FunctionKind.MUTATION, message.path)
        if refusal is None:
            return [RunMutation(message.request_id, message.path, message.args, key)]
        if refusal.kind == "contractMismatch":
            return [RecallMutation(message.request_id, message.path, message.args, key, refusal)]
        self.mutated(message.request_id, self.reached.ts, refusal)
        return []

    def _run_action(self, message: Action) -> list[Effect]:
        self.actions += 1
        refusal = self.refuse(FunctionKind.ACTION, message.path)
        if self.actions > ACTIONS_IN_FLIGHT_MAX:
            refusal = _error("unavailable", f"{ACTIONS_IN_FLIGHT_MAX} actions are in flight on this connection already")
        if refusal:
            self.acted(message.request_id, refusal)
            return []
        return [RunAction(message.request_id, message.path, message.args)]

    # --- from the door and the engine ---

    def news(self, ts: int, changed: Mapping[int, Outcome], tag: Tag | None) -> list[Effect]:
        """Results that changed up to `ts`, in the order the engine tells; `tag` if an `Update` asked for them."""
        match self.phase:
            case Phase.CLOSED:
                return []
            case Phase.CONNECTING:
                self._connected(ts)
            case Phase.NEW | Phase.MEETING | Phase.OPEN:
                pass
        if ts < self.reached.ts:  # only another engine can say so, one on a restored or a new database
            self.phase = Phase.CLOSED
            return [Close(CLOSE_RESTART, "the data is of another history")]
        versions = tag or Tag(self.reached.query_set, self.reached.identity)
        current: dict[int, Outcome] = {q: changed[q] for q in changed if self._is_current(q, versions)}
        for refused_tag in [t for t in self.refusals if t <= versions]:
            current |= self.refusals.pop(refused_tag)
        if current or tag:
            self.changes |= current
            self.reached = Stand(*versions, ts)
        return []

    def _connected(self, ts: int) -> None:
        self.phase = Phase.OPEN
        self.sent = self.reached = Stand(0, 0, ts)
        outdated = None if self.outdated is None else list(self.outdated)
        connected = Connected(protocol=PROTOCOL, contract=self.contract, ts=ts, outdated=outdated)
        self.notices.insert(0, encode_message(connected))

    def _is_current(self, query_id: int, versions: Tag) -> bool:
        """Whether a result is of the query now watched as `query_id`, not of an earlier one that had the same id."""
        query = self.watched.get(query_id)
        return query is not None and query.since <= versions.query_set

    def met(self, refuse: Refuse, outdated: tuple[str, ...] | None) -> list[Effect]:
        """What is known of the client's contract. Until then no frame after `connect` is passed in."""
        if self.phase is not Phase.MEETING or self.hello is None:
            return []
        self.refuse, self.outdated = refuse, outdated
        return self._greet(self.hello)

    def refused(self, error: ErrorObject) -> None:
        """The token of the `Identify` just performed was refused; the caller is anonymous."""
        self.notices.append(encode_message(AuthError(identity_version=self.identity, error=error)))

    def expired(self, error: ErrorObject) -> list[Effect]:
        """The caller's token, accepted before, is no longer valid."""
        if self.phase is Phase.CLOSED:
            return []
        self.refused(error)
        return [Identify(None), self._update({}, ())]

    def mutated(self, request_id: int, ts: int, outcome: Outcome) -> None:
        """A mutation ended; the engine has told all news up to `ts`, and nothing was taken since.

        What is not taken in between goes out as one: a client that shows the effect knows that its mutation made it.
        """
        self.reached = self.reached._replace(ts=max(ts, self.reached.ts))
        if not isinstance(outcome, ErrorObject):
            self.visible.append(request_id)
        self.responses.append(encode_mutation_response(request_id, ts, outcome))

    def acted(self, request_id: int, outcome: Outcome) -> None:
        """An action ended."""
        self.actions -= 1
        self.responses.append(encode_action_response(request_id, outcome))

    def moved(self, contract: str, refuse: Refuse, outdated: tuple[str, ...] | None = None) -> list[Effect]:
        """Another engine serves from here on: everything is asked anew.

        A client of which other functions no longer fit than before connects anew, to be told so.
        """
        self.contract, self.refuse = contract, refuse
        if self.phase in (Phase.NEW, Phase.MEETING, Phase.CLOSED):
            return []
        if (outdated or ()) != (self.outdated or ()):
            self.phase = Phase.CLOSED
            return [Close(CLOSE_RESTART, "another contract is served")]
        return [self._update(self.watched, ())]

    def fail(self, message: str, code: int = CLOSE_PROTOCOL) -> list[Effect]:
        """The connection cannot go on; what was ready still goes out, and `fatalError` last."""
        if self.phase in (Phase.MEETING, Phase.CONNECTING):
            self.notices = []  # nothing goes before `connected`
        self.phase = Phase.CLOSED
        self.responses.append(encode_message(FatalError(error=_error("protocol", message))))
        return [Close(code, "see fatalError")]

    # --- to the client ---

    def take(self) -> list[str]:
        """The frames that are ready, in order. All that came since the last call is one transition."""
        if self.phase in (Phase.MEETING, Phase.CONNECTING):
            return []  # a refused token, an early pong: they wait for `connected`
        frames, self.notices = self.notices, []
        if self.changes or self.reached != self.sent:
            change = self.held.change if self.held is not None else _change
            changes = {query_id: change(query_id, outcome) for query_id, outcome in self.changes.items()}
            frames.append(encode_transition(self.sent, self.reached, changes, self.visible))
            self.sent = self.reached
            self.changes = {}
        self.visible = []
        if self.responses:
            frames += self.responses
            self.responses = []
        return frames


_CLIENT_MESSAGE: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)
_PONG: Final = encode_message(Pong())


def _change(_: int, outcome: Outcome) -> bytes:
    """What a transition says of a new result to a client that holds nothing for us to build on."""
    return encode_outcome(outcome)


def _error(kind: ErrorKind, message: str) -> ErrorObject:
    return ErrorObject(kind=kind, code=kind, message=message)


def _too_many_queries(limit: int) -> ErrorObject:
    return _error(
        "unavailable",
        f"this connection watches {limit} queries already, and may not watch more; "
        "stop watching some, or raise SCHEMAGEN_MAX_QUERIES",
    )


def _version_mistake(what: str, message: ModifyQuerySet | Authenticate, version: int) -> str | None:
    if message.base_version != version:
        return (
            f"{message.type} builds on {what} version {message.base_version}, but the server is at {version}; "
            "versions start at 0 on every connection"
        )
    if message.new_version != version + 1:
        return f"{message.type} goes from {what} version {version} to {message.new_version}; it must be {version + 1}"
    return None


def _query_id_mistake(message: ModifyQuerySet, watched: Mapping[int, Watched]) -> str | None:
    removed = set(message.remove)
    added: set[int] = set()
    for query in message.add:
        if query.query_id in removed:
            return f"modifyQuerySet removes and adds query {query.query_id}; the new query needs another id"
        if query.query_id in watched or query.query_id in added:
            return f"modifyQuerySet adds query {query.query_id}, which is watched already"
        added.add(query.query_id)
    return None


def _message_mistake(error: ValidationError) -> str:
    """The first mistake, in one line; the path starts with the message's type."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    return f"a message is not as the protocol has it: {path + ': ' if path else ''}{first['msg']}"
