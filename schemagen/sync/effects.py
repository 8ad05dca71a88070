"""What `ServerSync` asks the door to do: a closed set, performed in the order given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from pydantic import JsonValue

from schemagen.sync.messages import ErrorObject

Args: TypeAlias = dict[str, JsonValue]


class Tag(NamedTuple):
    """Goes to the engine with an update and comes back with its results: the versions they establish."""

    query_set: int
    identity: int


@dataclass(frozen=True, slots=True)
class Watched:
    """A query of the query set, and the version that added it."""

    path: str
    args: Args
    since: int


@dataclass(frozen=True, slots=True)
class Identify:
    """From here on the caller is whom `token` says, None being nobody. If it is refused, `ServerSync.refused()`."""

    token: str | None


@dataclass(frozen=True, slots=True)
class Update:
    """Tell the engine what is watched, and by whom; its answer goes to `ServerSync.news()` with the tag."""

    add: Mapping[int, Watched]
    remove: tuple[int, ...]
    tag: Tag


@dataclass(frozen=True, slots=True)
class RunMutation:
    """Run a mutation once per `key`; its answer goes to `ServerSync.mutated()`."""

    request_id: int
    path: str
    args: Args
    key: str  # <session>:<request id>


@dataclass(frozen=True, slots=True)
class RecallMutation:
    """A mutation that no longer fits its client, and may have run before that: its stored answer, or else `refusal`."""

    request_id: int
    path: str
    args: Args
    key: str  # <session>:<request id>
    refusal: ErrorObject


@dataclass(frozen=True, slots=True)
class RunAction:
    """Run an action; its answer goes to `ServerSync.acted()`."""

    request_id: int
    path: str
    args: Args


@dataclass(frozen=True, slots=True)
class Close:
    """Send the frames that are ready, then close the socket."""

    code: int
    reason: str  # at most 123 bytes, as WebSocket allows


Effect: TypeAlias = Identify | Update | RunMutation | RecallMutation | RunAction | Close
