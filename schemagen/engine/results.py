"""The encoded results of live queries: kept for newcomers and to be compared, within a number of bytes."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from schemagen.engine.answer import Failure, Stats

if TYPE_CHECKING:
    from schemagen.engine.live import LiveQuery

Result: TypeAlias = bytes | Failure


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What is left of a result that was let go: enough to know it again."""

    digest: bytes


class Results:
    """Every live query's result, the longest one not used first. Beyond the ceiling they become digests."""

    def __init__(self, bytes_max: int, stats: Stats) -> None:
        self._bytes_max = bytes_max
        self._stats = stats
        self._sizes: OrderedDict[LiveQuery, int] = OrderedDict()

    def keep(self, live: LiveQuery, result: Result) -> Result:
        """It is the result now, and stays at least until the next one is kept; gives what is kept."""
        self.drop(live)
        size = 0
        if isinstance(result, bytes):
            result, size = compact(result), len(result)
        live.result = result
        self._sizes[live] = size
        self._stats.result_bytes += size
        while self._stats.result_bytes > self._bytes_max and len(self._sizes) > 1:
            self._forget(next(iter(self._sizes)))
        return result

    def used(self, live: LiveQuery) -> None:
        if live in self._sizes:
            self._sizes.move_to_end(live)

    def drop(self, live: LiveQuery) -> None:
        """It is nobody's result any more."""
        self._stats.result_bytes -= self._sizes.pop(live, 0)

    def _forget(self, live: LiveQuery) -> None:
        self.drop(live)
        if isinstance(live.result, bytes):  # failures stay: they are small
            live.result = Forgotten(_digest(live.result))


def compact(encoded: bytes) -> bytes:
    """A copy that takes what it holds: orjson's own keeps the buffer it was written to, up to ten times that."""
    return bytes(memoryview(encoded))


def same_result(before: Result | Forgotten, after: Result) -> bool:
    """Whether a client learns nothing new from `after`."""
    if isinstance(before, Forgotten):
        return isinstance(after, bytes) and before.digest == _digest(after)
    return before == after or (isinstance(before, Failure) and before.same_as(after))


def _digest(result: bytes) -> bytes:
    return hashlib.blake2b(result, digest_size=16).digest()
