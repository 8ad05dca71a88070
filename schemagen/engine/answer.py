"""What the engine says to the doors: answers to calls, and how watched queries change."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from schemagen.model.contract import Json
from schemagen.wire.issue import Issue


class FailureKind(StrEnum):
    """Why a call failed; a client branches on this first."""

    APP = "app"  # the backend raised an AppError
    INVALID_ARGUMENTS = "invalidArguments"
    UNKNOWN_FUNCTION = "unknownFunction"
    UNAUTHENTICATED = "unauthenticated"
    INTERNAL = "internal"  # the backend or the engine is wrong; `error_id` finds the line in the log
    UNAVAILABLE = "unavailable"  # it did not run; trying again later may help
    PROTOCOL = "protocol"


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that failed, as its caller may know it."""

    kind: FailureKind
    code: str  # of the AppError; else the kind in snake_case
    message: str
    data: dict[str, Json] | None = None  # fields of the AppError by wire name
    issues: tuple[Issue, ...] = ()
    error_id: str | None = None

    def same_as(self, other: object) -> bool:
        """Whether a client learns nothing new from `other`: error ids differ each time a query fails again."""
        return isinstance(other, Failure) and (
            (self.kind, self.code, self.message, self.data, self.issues)
            == (other.kind, other.code, other.message, other.data, other.issues)
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of one call: `value` is encoded JSON; exactly one of `value` and `failure` is there."""

    ts: int
    """The commit a mutation's effects belong to; for a query the commit it saw."""
    value: bytes | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """A query to keep watching."""

    path: str
    args: Json


@dataclass(frozen=True, slots=True)
class Delta:
    """How the watched queries of one subscriber changed; all of them now stand at `ts`."""

    ts: int
    changed: dict[int, bytes | Failure]
    """Encoded JSON value, or how the query failed, by the subscriber's own query ids."""
    tag: object | None = None
    """What `Subscriber.update` was given, if this Delta answers it."""


@dataclass(slots=True)
class Stats:
    """Counters since the start, except `subscriptions`, `live_queries` and `result_bytes`, which say how it is now."""

    executions: int = 0
    """Handlers run from outside: queries, mutations and actions, first runs and re-runs."""
    reruns: int = 0
    """Watched queries run again because a commit met their read set, or their time moved on."""
    wasted_reruns: int = 0
    """Re-runs whose result was what it was before."""
    commits: int = 0
    subscriptions: int = 0
    live_queries: int = 0
    """Distinct watched queries: each is run once, however many subscriptions share it."""
    result_bytes: int = 0
    """Encoded results of live queries, which are kept to be compared and shared."""
    recalls: int = 0
    """Results that were let go and had to be made again for a newcomer."""
    deliveries: int = 0
    """Changed results handed over, one for each client that watches the query."""
    unsent: int = 0
    """Results of re-runs that were what they were before, one for each client that was therefore told nothing."""
    writes: int = 0
    """Documents that commits inserted, changed or deleted."""
    invalidation_seconds: float = 0.0
    """Finding the live queries that writes meet."""
    mutations: int = 0
    """Mutations that were asked for, run or answered from what is stored."""
    replays: int = 0
    """Mutations that had run before under their request key: the stored answer was given."""
    lost_commits: int = 0
    """Commits that failed; none of their mutations happened."""
    commit_seconds: float = 0.0
    """Waiting for the disk."""
    batches: int = 0
    jobs: int = 0
    """What batches consisted of: calls, changes of what is watched, and departures."""
