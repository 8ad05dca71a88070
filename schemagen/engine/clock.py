"""The engine's time, and the ids made of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from schemagen.model.ids import format_id, uuid7

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_RANDOM_BITS = 74
_MILLISECOND = timedelta(milliseconds=1)


def system_time() -> datetime:
    return datetime.now(UTC)


class Clock:
    """Time that never runs backwards within a process."""

    def __init__(self, source: Callable[[], datetime] = system_time) -> None:
        self._source = source
        self._latest = EPOCH

    def now(self) -> datetime:
        now = self._source()
        if now < self._latest:
            return self._latest
        self._latest = now
        return now


class Ids:
    """Ids in order of creation: within one millisecond the random part counts up from a random start."""

    def __init__(self) -> None:
        self._random = random.SystemRandom()
        self._time_ms = -1
        self._tail = 0

    def fresh(self, table: str, now: datetime) -> str:
        time_ms = (now - EPOCH) // _MILLISECOND
        if time_ms > self._time_ms:
            self._time_ms = time_ms
            self._tail = self._random.getrandbits(_RANDOM_BITS - 1)  # leaves room to count up
        else:
            self._tail += 1 + self._random.getrandbits(32)
            if self._tail >> _RANDOM_BITS:
                self._time_ms += 1
                self._tail = self._random.getrandbits(_RANDOM_BITS - 1)
        return format_id(table, uuid7(self._time_ms, self._tail))


def floored(moment: datetime, interval: timedelta) -> datetime:
    """`moment` rounded down to a multiple of `interval` since 1970."""
    if interval <= timedelta(0):
        raise ValueError(f"tick() needs an interval above zero, got {interval}")
    return EPOCH + (moment - EPOCH) // interval * interval
