"""What an execution read, as intervals of index keys."""

from __future__ import annotations

from typing import Final, TypeAlias

from schemagen.engine.keys import ABOVE

BucketKey: TypeAlias = tuple[int, int, bytes]
"""Index number, how many key columns are fixed, and their bytes."""


class Read:
    """An interval of one index: keys from `low` (inclusive) to `high` (exclusive) that start with the bucket's bytes.

    Both ends move while documents are handed out, until the execution ends: what was not handed out was not read.
    """

    __slots__ = ("bucket", "high", "low")

    def __init__(self, bucket: BucketKey, low: bytes, high: bytes) -> None:
        self.bucket = bucket
        self.low = low
        self.high = high

    @property
    def whole(self) -> bool:
        """Whether it is all of its bucket."""
        prefix = self.bucket[2]
        return self.low == prefix and self.high == prefix + ABOVE

    def __repr__(self) -> str:
        return f"Read({self.bucket}, {self.low!r}, {self.high!r})"


ReadSet: TypeAlias = list[Read]

BY_ID_FIXED: Final = 1
"""A document read by its id fixes the one key column of the index of ids."""
