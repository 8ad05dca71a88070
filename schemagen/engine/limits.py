"""How much one query or mutation may read, write and compute: it runs alone, and all others wait for its end."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one call with all that it runs in turn. `math.inf` is no limit."""

    rows_read: float = 32_000
    """Documents read, those that Python code then leaves out too."""
    bytes_read: float = 16 * 2**20
    """Text, bytes and JSON of the documents read; a character counts as one byte."""
    ranges_read: float = 4_096
    """Gets and selects: each is an interval of an index that a live query depends on."""
    rows_written: float = 16_000
    """Documents inserted, changed and deleted."""
    bytes_written: float = 16 * 2**20
    """Text, bytes and JSON of the documents written."""
    cpu_seconds: float = 1.0
    """CPU time of the handler. It is looked at ten times per limit, so a handler gets up to a tenth more."""

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if math.isnan(value) or value <= 0:
                raise ValueError(f"the limit {each.name} has to be above 0, got {value!r}")
