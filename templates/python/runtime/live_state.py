"""The client's side of the sync protocol, without I/O: frames in, frames and news out.

A client stands at one version; only a transition moves it, and all results it shows belong to that version. Queries
survive a lost connection: `opened` says everything again.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .held_values import DoesNotFit, HeldValues

PROTOCOL = 1
QUERIES_PER_FRAME_MAX = 100
PING_S = 25.0
PONG_S = 10.0
DELAY_S_MIN = 0.5
DELAY_S_MAX = 16.0
CLOSE_UNSUPPORTED = 4426
"""The close code of a server that does not speak our protocol any more."""


@dataclass(frozen=True)
class Updated:
    """A query has a (new) result: `value` in JSON form, or `error`."""

    query_id: int
    value: Any = None
    error: Any = None


@dataclass(frozen=True)
class TokenRefused:
    """The server did not take the token; it goes on anonymously until another one is sent."""

    error: Any


@dataclass(frozen=True)
class Broken:
    """The two sides do not agree: connect anew."""

    reason: str


@dataclass(frozen=True)
class Fatal:
    """The server ends the connection; its close code says whether connecting anew may help."""

    error: Any


@dataclass(frozen=True)
class TokenTaken:
    """The server knows the caller by the token that was sent last."""


@dataclass(frozen=True)
class Met:
    """A server answers: the contract it serves, and which functions no longer fit ours, if it can tell."""

    contract: str
    outdated: tuple[str, ...] | None


News = Updated | TokenRefused | TokenTaken | Broken | Fatal | Met


@dataclass
class LiveState:
    """One client's watched queries, the version it stands at, and the values as sent. Holds no socket, no clock."""

    contract: str
    session: str = field(default_factory=lambda: str(uuid.uuid4()))
    digests: bool = True
    """Whether values may be told by what is held; no longer once that went wrong."""
    watched: dict[int, tuple[str, str]] = field(default_factory=dict[int, tuple[str, str]])
    """Query id → function path and arguments as canonical JSON."""
    is_open: bool = False
    synced: bool = False
    """This connection has caught up: backing off starts from the beginning again."""
    query_set: int = 0
    """The last version this side has sent."""
    identity: int = 0
    version: tuple[int, int, int] = (0, 0, 0)
    """Query set, identity and timestamp as of the last transition."""
    ts_max: int = 0
    """The highest timestamp seen, on any connection."""
    next_id: int = 1
    answered: bool = False
    """Whether it is known if the token of `identity` was taken."""
    caught_up_at: int = 0
    """The query set version at which this connection has caught up with the one before."""
    staged: dict[int, Updated] = field(default_factory=dict[int, Updated])
    """Results that came before all had: shown together, at one version, once it has caught up."""
    values: HeldValues = field(default_factory=HeldValues)
    client: dict[str, str] | None = None
    """Who connects, as `connect` says it."""

    def opened(self, token: str | None) -> list[str]:
        """Frames that begin a connection: who we are, and every query."""
        self.is_open, self.synced, self.answered = True, False, False
        self.query_set, self.identity, self.version = 0, 0, (0, 0, 0)
        hello = {
            "type": "connect",
            "protocol": PROTOCOL,
            "session": self.session,
            "lastTs": self.ts_max,
            "contract": self.contract,
            "token": token,
            **({"digests": True} if self.digests else {}),
            **({"client": self.client} if self.client else {}),
        }
        ids = list(self.watched)
        slices = [ids[i : i + QUERIES_PER_FRAME_MAX] for i in range(0, len(ids), QUERIES_PER_FRAME_MAX)]
        frames = [json.dumps(hello), *(self._modify(add=part) for part in slices)]
        self.caught_up_at = self.query_set
        return frames

    def closed(self) -> None:
        """The connection is gone. Results that came before all had are not shown: the next one brings them again."""
        self.is_open = self.synced = False
        self.staged.clear()

    def watch(self, path: str, arguments: str) -> tuple[int, list[str]]:
        """Watch a query; returns its id, and the frames to send now."""
        query_id, self.next_id = self.next_id, self.next_id + 1
        self.watched[query_id] = (path, arguments)
        return query_id, [self._modify(add=[query_id])] if self.is_open else []

    def unwatch(self, query_id: int) -> list[str]:
        self.watched.pop(query_id, None)
        self.values.forget(query_id)
        self.staged.pop(query_id, None)
        return [self._modify(remove=[query_id])] if self.is_open else []

    def authenticate(self, token: str | None) -> list[str]:
        if not self.is_open:
            return []
        base, self.identity, self.answered = self.identity, self.identity + 1, False
        message = {"type": "authenticate", "baseVersion": base, "newVersion": self.identity, "token": token}
        return [json.dumps(message)]

    def received(self, frame: str | bytes) -> list[News]:
        """One frame of the server."""
        message = json.loads(frame)
        match message:
            case {"type": "connected", "ts": int(ts)}:
                self.version = (0, 0, ts)
                self.ts_max = ts  # lower than before: the server stands on another history
                self.synced = self.synced or not self.watched
                outdated = message.get("outdated")
                return [Met(str(message.get("contract")), None if outdated is None else tuple(outdated))]
            case {"type": "transition"}:
                return self._move(message)
            case {"type": "authError", "identityVersion": version, "error": error}:
                if version != self.identity:
                    return []  # of a token that has been replaced since
                self.answered = True
                return [TokenRefused(error)]
            case {"type": "fatalError", "error": error}:
                return [Fatal(error)]
            case _:  # pong, and what a newer server says to newer clients
                return []

    def _move(self, message: dict[str, Any]) -> list[News]:
        start, end = _version(message["start"]), _version(message["end"])
        if start != self.version:
            return [Broken(f"a transition starts at {start}, this client stands at {self.version}")]
        self.version, self.ts_max = end, max(self.ts_max, end[2])
        for change in message["changes"]:
            query_id = change["queryId"]
            if query_id in self.watched:
                try:
                    self.staged[query_id] = Updated(query_id, *self.values.take(change))
                except DoesNotFit:
                    return [self._start_over(query_id)]
        news: list[News] = []
        if not self.answered and end[1] == self.identity:
            self.answered = True
            news.append(TokenTaken())
        if end[0] >= self.caught_up_at:
            self.synced = True
            news += self.staged.values()
            self.staged.clear()
        return news

    def _start_over(self, query_id: int) -> Broken:
        """What the server builds on is not what is held: the next connection is sent every value whole."""
        self.digests, self.values = False, HeldValues()
        return Broken(f"a change of query {query_id} does not fit the value before it")

    def _modify(self, add: Sequence[int] = (), remove: Sequence[int] = ()) -> str:
        base, self.query_set = self.query_set, self.query_set + 1
        added = ",".join(map(self._added, add))
        return (
            f'{{"type":"modifyQuerySet","baseVersion":{base},"newVersion":{self.query_set},'
            f'"add":[{added}],"remove":{json.dumps(list(remove))}}}'
        )

    def _added(self, query_id: int) -> str:
        path, arguments = self.watched[query_id]
        digest = self.values.digest(query_id)
        known = f',"digest":{json.dumps(digest)}' if digest else ""
        return f'{{"queryId":{query_id},"path":{json.dumps(path)},"args":{arguments}{known}}}'


def _version(given: dict[str, int]) -> tuple[int, int, int]:
    return given["querySet"], given["identity"], given["ts"]


def reconnect_delay_s(attempt: int, jitter: float) -> float:
    """Seconds before connection attempt `attempt` (1 is the first after a loss); `jitter` is in [0, 1)."""
    return float(min(DELAY_S_MAX, DELAY_S_MIN * 2 ** min(attempt - 1, 10)) * (0.5 + jitter / 2))


def close_code(error: Exception) -> int | None:
    """The close code that an exception of the websockets library carries."""
    code: int | None = getattr(getattr(error, "rcvd", None), "code", None)
    return code


def socket_url(url: str) -> str:
    """`https://host/base` → `wss://host/base/api/sync`."""
    return "ws" + url.removeprefix("http") + "/api/sync"
