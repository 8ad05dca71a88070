"""One run of a handler: what it is given, and what it leaves behind."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from schemagen.declare import Identity
from schemagen.engine.catalog import Catalog, CatalogTable
from schemagen.engine.clock import Clock, Ids, floored
from schemagen.engine.limits import Limits
from schemagen.engine.memory import PINS_MAX
from schemagen.engine.metered import MeteredStore
from schemagen.engine.planner import Planner
from schemagen.engine.read_set import ReadSet
from schemagen.engine.watchdog import Watchdog
from schemagen.store.recent import RecentlyUsed
from schemagen.store.sqlite import SqliteStore
from schemagen.store.tables import Row

Write: TypeAlias = tuple[CatalogTable, Row | None, Row | None]
"""A document before and after; None where it was not there."""

PinKey: TypeAlias = tuple[int, bytes, bytes, bytes, int, bool]
"""Which page of which span: index, low, high, cursor, size, direction."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What all executions of a runtime share."""

    store: SqliteStore
    catalog: Catalog
    planner: Planner
    clock: Clock
    ids: Ids
    limits: Limits
    watchdog: Watchdog


@dataclass(slots=True)
class Pins:
    """Where the pages of one live query end. A page that was handed out keeps its end, so that live pages tile."""

    ends: RecentlyUsed[PinKey, bytes] | None = None
    """None for the many queries that have no pages."""
    moved: bool = False
    """Whether a page now holds another number of documents than a new one would: it is not for new watchers then."""

    def end(self, page: PinKey) -> bytes | None:
        return None if self.ends is None else self.ends.get(page)

    def pin(self, page: PinKey, end: bytes) -> None:
        if self.ends is None:
            self.ends = RecentlyUsed(PINS_MAX)
        self.ends.put(page, end)


class Execution:
    """One query, mutation or action with all that it runs in turn."""

    __slots__ = (
        "_random",
        "expires",
        "identity",
        "identity_read",
        "now",
        "pins",
        "reads",
        "store",
        "workshop",
        "writes",
    )

    def __init__(self, workshop: Workshop, identity: Identity | None) -> None:
        self.workshop = workshop
        self.store = MeteredStore(workshop.store, workshop.limits)
        self.identity = identity
        self.now = workshop.clock.now()
        self.identity_read = False
        self.expires: datetime | None = None
        """When a time it read by `tick` moves on."""
        self.reads: ReadSet | None = None
        """What a watched query read so far; None where nobody asks."""
        self.writes: list[Write] | None = None
        """What a mutation wrote so far; None in a query."""
        self.pins: Pins | None = None
        self._random: random.Random | None = None

    @property
    def random(self) -> random.Random:
        if self._random is None:
            self._random = random.Random(random.SystemRandom().getrandbits(128))
        return self._random

    def tick(self, interval: timedelta) -> datetime:
        moment = floored(self.now, interval)
        expires = moment + interval
        if self.expires is None or expires < self.expires:
            self.expires = expires
        return moment
