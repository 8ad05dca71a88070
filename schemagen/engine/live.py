"""Watched queries: each distinct one runs once, however many watch it, and again when a commit meets its reads."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

import orjson

from schemagen.declare import Identity
from schemagen.engine.answer import Delta, Stats, Watch
from schemagen.engine.execution import Pins, Write
from schemagen.engine.invalidation import InvalidationIndex
from schemagen.engine.read_set import ReadSet
from schemagen.engine.results import Forgotten, Result, Results, compact, same_result
from schemagen.model.contract import Json

QueryKey: TypeAlias = tuple[str, bytes]
"""Path, and arguments as canonical JSON."""


@dataclass(slots=True)
class Observation:
    """One run of a query, with all that its result depends on."""

    result: Result
    reads: ReadSet
    identity_read: bool
    expires: datetime | None


Observe: TypeAlias = "Callable[[str, Json, Identity | None, Pins], Observation]"
"""Runs a query: path, arguments, caller, and where its pages end."""


@dataclass(eq=False, slots=True)
class Subscription:
    """One subscriber, as the engine's thread knows it."""

    deliver: Callable[[Delta], None]
    identity: Identity | None = None
    watched: dict[int, LiveQuery] = field(default_factory=dict)
    """By the subscriber's own query ids."""
    closed: bool = False


@dataclass(eq=False, slots=True)
class LiveQuery:
    """A query that is watched by at least one subscriber, and its last result."""

    number: int  # in order of first watching: re-runs go in this order
    path: str
    args: Json
    key: QueryKey
    watchers: dict[Subscription, set[int]] = field(default_factory=dict)
    pins: Pins = field(default_factory=Pins)
    result: Result | Forgotten = b""
    reads: ReadSet = field(default_factory=list)
    identity_read: bool = False
    """Whether the last run asked who the caller is; if so, all watchers are that caller."""
    expires: datetime | None = None
    ended: bool = False
    """Whether its last watcher left: nobody joins it again."""
    caller: object = None
    """Under which caller new watchers find it; `_NOBODY` if it does not matter."""

    @property
    def identity(self) -> Identity | None:
        """Whoever watches it: all watchers are one caller, or it does not matter who they are."""
        return next(iter(self.watchers)).identity


Changes: TypeAlias = dict[Subscription, dict[int, Result]]

_NOBODY: Final = object()

_EXPIRING_SLACK: Final = 64
"""So many moments that nobody awaits any more may stand in the heap before it is cleared of them."""


class LiveQueries:
    """All watched queries of a runtime."""

    def __init__(
        self, observe: Observe, stats: Stats, reran: Callable[[str, bool], None], result_bytes_max: int
    ) -> None:
        """`reran` is told of each re-run: the path, and whether it was for nothing."""
        self._observe = observe
        self._reran = reran
        self._stats = stats
        self._results = Results(result_bytes_max, stats)
        self._numbers = 0
        self._shared: dict[tuple[QueryKey, object], LiveQuery] = {}
        """What a new watcher may join: by query, and by caller if the query asked for it (else `_NOBODY`)."""
        self._index: InvalidationIndex[LiveQuery] = InvalidationIndex()
        self._expiring: list[tuple[datetime, int, LiveQuery]] = []
        """A heap; the number keeps queries themselves from being compared."""
        self._pushes = 0

    # --- watching ---

    def update(
        self, subscription: Subscription, add: Mapping[int, Watch], remove: Collection[int], identity: Identity | None
    ) -> dict[int, Result]:
        """Change what a subscriber watches and who it is; the results that are new to it."""
        changed: dict[int, Result] = {}
        if subscription.closed:
            return changed
        for query_id in remove:
            self._leave(subscription, query_id)
        if identity != subscription.identity:
            changed |= self._become(subscription, identity)
        for query_id, watch in add.items():
            self._leave(subscription, query_id)
            changed[query_id] = self._join(subscription, query_id, watch.path, watch.args)
        return changed

    def close(self, subscription: Subscription) -> None:
        subscription.closed = True
        for query_id in list(subscription.watched):
            self._leave(subscription, query_id)

    def _become(self, subscription: Subscription, identity: Identity | None) -> dict[int, Result]:
        """Only queries that asked who the caller is are asked again."""
        asked = [(query_id, live) for query_id, live in subscription.watched.items() if live.identity_read]
        for query_id, _ in asked:
            self._leave(subscription, query_id)
        # Queries that did not ask are watched on under the new identity; they will be run with it.
        subscription.identity = identity
        changed = {}
        for query_id, before in asked:
            now = self._join(subscription, query_id, before.path, before.args)
            if not same_result(before.result, now):
                changed[query_id] = now
        return changed

    def _join(self, subscription: Subscription, query_id: int, path: str, args: Json) -> Result:
        """Watch one more query; its result."""
        key = (path, canonical(args))
        live = self._shared.get((key, _NOBODY)) or self._shared.get((key, subscription.identity))
        result = None if live is None or live.pins.moved else self._recalled(live)
        if live is None or result is None:
            live, result = self._started(subscription, path, args, key)
        live.watchers.setdefault(subscription, set()).add(query_id)
        subscription.watched[query_id] = live
        self._stats.subscriptions += 1
        return result

    def _recalled(self, live: LiveQuery) -> Result | None:
        """The result its watchers have; None if it was let go and is another each time, as with `ctx.random`."""
        result = live.result
        if isinstance(result, Forgotten):
            self._stats.recalls += 1
            seen = self._observe(live.path, live.args, live.identity, live.pins)
            if not same_result(result, seen.result):
                return None
            result = self._results.keep(live, seen.result)
        else:
            self._results.used(live)
        return result

    def _started(self, subscription: Subscription, path: str, args: Json, key: QueryKey) -> tuple[LiveQuery, Result]:
        self._numbers += 1
        live = LiveQuery(self._numbers, path, args, (path, compact(key[1])))
        self._stats.live_queries += 1
        result = self._observed(live, subscription.identity)
        self._share(live, subscription.identity)
        return live, result

    def _share(self, live: LiveQuery, identity: Identity | None) -> None:
        """Let new watchers find it, instead of one they could not join."""
        live.caller = identity if live.identity_read else _NOBODY
        known = self._shared.get((live.key, live.caller))
        if known is None or known.pins.moved:
            self._shared[live.key, live.caller] = live

    def _unshare(self, live: LiveQuery) -> None:
        if self._shared.get((live.key, live.caller)) is live:
            del self._shared[live.key, live.caller]

    def _leave(self, subscription: Subscription, query_id: int) -> None:
        live = subscription.watched.pop(query_id, None)
        if live is None:
            return  # a client may drop a query twice across a reconnect
        self._stats.subscriptions -= 1
        ids = live.watchers[subscription]
        ids.discard(query_id)
        if not ids:
            del live.watchers[subscription]
        if not live.watchers:
            self._unshare(live)
            self._index.remove(live, live.reads)
            live.reads = []
            live.ended = True
            self._stats.live_queries -= 1
            self._results.drop(live)

    # --- running again ---

    def met_by(self, writes: Iterable[Write]) -> set[LiveQuery]:
        """The queries whose reads some writes meet."""
        met: set[LiveQuery] = set()
        index = self._index
        for table, old, new in writes:
            for each in table.indexes:
                lengths = index.lengths(each.number)
                if not lengths:
                    continue
                before: list[bytes] | None = None
                for row in (old, new):
                    if row is None:
                        continue
                    parts = each.row_parts(row)
                    if parts == before:
                        continue  # a key that stays is read by the same queries
                    before = parts
                    key = b"".join(parts)
                    for length in lengths:
                        met.update(index.met_by(each.number, length, b"".join(parts[:length]), key))
            for search in table.searches.values():
                met.update(search.met_by(index, old, new))
        return met

    def expired(self, now: datetime) -> set[LiveQuery]:
        """The queries that read a time which has moved on."""
        due: set[LiveQuery] = set()
        while self._expiring and self._expiring[0][0] <= now:
            expires, _, live = heapq.heappop(self._expiring)
            if _awaited((expires, 0, live)):
                due.add(live)
        return due

    @property
    def next_expiry(self) -> datetime | None:
        return self._expiring[0][0] if self._expiring else None

    def rerun(self, dirty: Iterable[LiveQuery]) -> Changes:
        """Run queries again; the results that differ, by subscriber."""
        changes: Changes = {}
        for live in sorted(dirty, key=lambda live: live.number):
            before, was_private, identity = live.result, live.identity_read, live.identity
            self._stats.reruns += 1
            self._index.remove(live, live.reads)
            after = self._observed(live, identity)
            if live.identity_read != was_private:
                self._unshare(live)
                self._share(live, identity)
                if live.identity_read:
                    self._split(live, identity, before, changes)
            wasted = same_result(before, after)
            if wasted:
                self._stats.wasted_reruns += 1
                self._stats.unsent += len(live.watchers)
                if not isinstance(before, Forgotten):
                    live.result = before  # the very object that clients hold, or each result would be kept twice
            else:
                self._stats.deliveries += len(live.watchers)
                _add(changes, live, after)
            self._reran(live.path, wasted)
        return changes

    def _split(self, live: LiveQuery, identity: Identity | None, before: Result | Forgotten, changes: Changes) -> None:
        """A query that never asked for the caller does now: everybody but `identity` needs a result of their own."""
        others = [(watcher, ids) for watcher, ids in live.watchers.items() if watcher.identity != identity]
        for watcher, ids in others:
            for query_id in list(ids):
                self._leave(watcher, query_id)
                own = self._join(watcher, query_id, live.path, live.args)
                if not same_result(before, own):
                    changes.setdefault(watcher, {})[query_id] = own

    def _observed(self, live: LiveQuery, identity: Identity | None) -> Result:
        """Run a query and keep what it gave; its earlier reads are no longer in the index."""
        seen = self._observe(live.path, live.args, identity, live.pins)
        result = self._results.keep(live, seen.result)
        live.reads = distinct(seen.reads)
        live.identity_read = seen.identity_read
        self._index.add(live, live.reads)
        if seen.expires is not None and seen.expires != live.expires:
            self._pushes += 1
            heapq.heappush(self._expiring, (seen.expires, self._pushes, live))
        live.expires = seen.expires
        if len(self._expiring) > 2 * self._stats.live_queries + _EXPIRING_SLACK:
            self._expiring = [entry for entry in self._expiring if _awaited(entry)]
            heapq.heapify(self._expiring)
        return result


def _awaited(entry: tuple[datetime, int, LiveQuery]) -> bool:
    """Whether a query is still watched and has not run again since."""
    expires, _, live = entry
    return live.expires == expires and not live.ended


def _add(changes: Changes, live: LiveQuery, result: Result) -> None:
    for watcher, ids in live.watchers.items():
        mine = changes.setdefault(watcher, {})
        for query_id in ids:
            mine[query_id] = result


def canonical(args: Json) -> bytes:
    """Equal arguments have equal bytes, whatever the order of their keys."""
    try:
        return orjson.dumps(args, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # not JSON at all, or a lone surrogate: the codec will say so when the query runs
        return repr(args).encode("utf-8", "backslashreplace")


def distinct(reads: ReadSet) -> ReadSet:
    """A handler may read one document a hundred times; it is one interval."""
    if len(reads) < 2:
        return reads
    return list({(read.bucket, read.low, read.high): read for read in reads}.values())
