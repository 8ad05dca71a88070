"""Which watched queries a write meets.

Reads are hashed by (index, how many key columns they fix, the bytes of those columns); a write looks up one bucket
per index and prefix length in use. Inside a bucket, reads of all of it are a set, the others intervals.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import Generic, TypeVar

from schemagen.engine.read_set import BucketKey, Read, ReadSet

W = TypeVar("W", bound=Hashable)

_SCANNED_MAX = 48
"""Up to here a bucket's intervals are a list that is walked; sorting pays only beyond."""
_FAN_OUT = 16


class InvalidationIndex(Generic[W]):
    """Watchers by what they read."""

    def __init__(self) -> None:
        self._buckets: dict[BucketKey, _Bucket[W]] = {}
        self._lengths: dict[int, Counter[int]] = {}
        """By index: how many buckets fix 0, 1, 2… key columns."""

    def add(self, watcher: W, reads: ReadSet) -> None:
        for read in reads:
            bucket = self._buckets.get(read.bucket)
            if bucket is None:
                bucket = self._buckets[read.bucket] = _Bucket()
                self._lengths.setdefault(read.bucket[0], Counter())[read.bucket[1]] += 1
            bucket.add(watcher, read)

    def remove(self, watcher: W, reads: ReadSet) -> None:
        """Forget what `add` was given."""
        for read in reads:
            bucket = self._buckets[read.bucket]
            bucket.remove(watcher, read)
            if bucket.empty:
                del self._buckets[read.bucket]
                lengths = self._lengths[read.bucket[0]]
                lengths[read.bucket[1]] -= 1
                if not lengths[read.bucket[1]]:
                    del lengths[read.bucket[1]]

    def lengths(self, index: int) -> Iterable[int]:
        """The numbers of fixed key columns that reads of an index have; empty if nobody reads it."""
        return self._lengths.get(index, ())

    def met_by(self, index: int, length: int, prefix: bytes, key: bytes) -> Iterable[W]:
        """Watchers whose reads hold `key`, which starts with the `length` columns `prefix`; some more than once."""
        bucket = self._buckets.get((index, length, prefix))
        return () if bucket is None else bucket.met_by(key)


class _Interval(Generic[W]):
    __slots__ = ("alive", "high", "low", "watcher")

    def __init__(self, watcher: W, low: bytes, high: bytes) -> None:
        self.watcher = watcher
        self.low = low
        self.high = high
        self.alive = True


class _Bucket(Generic[W]):
    """Reads with one prefix. A watcher may be in it several times, and is then removed as often."""

    __slots__ = ("_ranges", "_whole")

    def __init__(self) -> None:
        self._whole: dict[W, int] = {}
        """How often a watcher reads all of the bucket."""
        self._ranges: _Ranges[W] | None = None
        """The other reads; most buckets have none."""

    @property
    def empty(self) -> bool:
        return not self._whole and self._ranges is None

    def add(self, watcher: W, read: Read) -> None:
        if read.whole:
            self._whole[watcher] = self._whole.get(watcher, 0) + 1
            return
        if self._ranges is None:
            self._ranges = _Ranges()
        self._ranges.add(watcher, read)

    def remove(self, watcher: W, read: Read) -> None:
        if read.whole:
            self._whole[watcher] -= 1
            if not self._whole[watcher]:
                del self._whole[watcher]
            return
        assert self._ranges is not None, "what is removed was added"
        self._ranges.remove(watcher, read)
        if self._ranges.empty:
            self._ranges = None

    def met_by(self, key: bytes) -> Iterable[W]:
        return self._whole if self._ranges is None else [*self._whole, *self._ranges.met_by(key)]


class _Ranges(Generic[W]):
    """Reads of parts of one bucket."""

    __slots__ = ("_by_read", "_recent", "_sorted")

    def __init__(self) -> None:
        self._by_read: dict[tuple[W, bytes, bytes], list[_Interval[W]]] = {}
        self._recent: list[_Interval[W]] = []
        """Intervals added since `_sorted` was built, in no order."""
        self._sorted: _SortedIntervals[W] | None = None

    @property
    def empty(self) -> bool:
        return not self._by_read

    def add(self, watcher: W, read: Read) -> None:
        interval = _Interval(watcher, read.low, read.high)
        self._by_read.setdefault((watcher, read.low, read.high), []).append(interval)
        self._recent.append(interval)
        if len(self._recent) > max(_SCANNED_MAX, len(self._sorted) // 4 if self._sorted is not None else 0):
            self._rebuild()

    def remove(self, watcher: W, read: Read) -> None:
        key = (watcher, read.low, read.high)
        interval = self._by_read[key].pop()
        if not self._by_read[key]:
            del self._by_read[key]
        interval.alive = False
        if self._sorted is not None and len(self._sorted) > 2 * len(self._by_read) + _SCANNED_MAX:
            self._rebuild()
        elif len(self._recent) > 2 * len(self._by_read) + _SCANNED_MAX // 2 or len(self._recent) <= 4:
            self._recent = [each for each in self._recent if each.alive]

    def _rebuild(self) -> None:
        alive = [interval for intervals in self._by_read.values() for interval in intervals]
        self._recent = alive if len(alive) <= _SCANNED_MAX else []
        self._sorted = None if self._recent else _SortedIntervals(alive)

    def met_by(self, key: bytes) -> list[W]:
        met = [each.watcher for each in self._recent if each.low <= key < each.high and each.alive]
        if self._sorted is not None:
            met += [each.watcher for each in self._sorted.holding(key) if each.alive]
        return met


class _SortedIntervals(Generic[W]):
    """Intervals sorted by their low ends, with the greatest high end of every block, of every block of blocks, …

    Built once, never changed: finding those that hold a key takes time in the logarithm, and per interval found.
    """

    __slots__ = ("_highs", "_intervals", "_lows")

    def __init__(self, intervals: list[_Interval[W]]) -> None:
        self._intervals = sorted(intervals, key=lambda interval: interval.low)
        self._lows = [interval.low for interval in self._intervals]
        self._highs = [[interval.high for interval in self._intervals]]
        while len(self._highs[-1]) > _FAN_OUT:
            below = self._highs[-1]
            self._highs.append([max(below[at : at + _FAN_OUT]) for at in range(0, len(below), _FAN_OUT)])

    def __len__(self) -> int:
        return len(self._intervals)

    def holding(self, key: bytes) -> list[_Interval[W]]:
        """The intervals that begin at or before `key` and reach beyond it."""
        end = bisect_right(self._lows, key)
        size = _FAN_OUT ** (len(self._highs) - 1)
        blocks: Sequence[int] = range((end + size - 1) // size)
        for highs in self._highs[:0:-1]:  # from the largest blocks down to those of single intervals
            size //= _FAN_OUT
            stop = (end + size - 1) // size
            inner: list[int] = []
            for block in blocks:
                if highs[block] > key:
                    inner += range(block * _FAN_OUT, min((block + 1) * _FAN_OUT, stop))
            blocks = inner
        highs = self._highs[0]
        return [self._intervals[at] for at in blocks if highs[at] > key]
