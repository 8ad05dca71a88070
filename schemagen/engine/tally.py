"""How often one function ran, how its runs ended, and how long they took."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from schemagen.engine.answer import FailureKind

OK: Final = "ok"
"""The outcome of a run that returned; the others are kinds of failure."""

SECONDS_BOUNDS: Final = (0.0001, 0.0005, 0.0025, 0.01, 0.05, 0.25, 1.0, 5.0, 30.0)
"""Upper ends of the classes that durations are counted in; one more class has no end."""


class Tally:
    """Plain numbers that one thread counts up and any may read: none of its collections changes its size."""

    __slots__ = ("durations", "outcomes", "reruns", "seconds", "wasted_reruns")

    def __init__(self) -> None:
        self.outcomes: dict[str, int] = {OK: 0, **dict.fromkeys(map(str, FailureKind), 0)}
        """Runs by how they ended: first runs and re-runs."""
        self.seconds = 0.0
        """All runs together: decoding the arguments, the handler, and encoding its result."""
        self.durations = [0] * (len(SECONDS_BOUNDS) + 1)
        """Runs by how long they took, in the classes of `SECONDS_BOUNDS`."""
        self.reruns = 0
        self.wasted_reruns = 0
        """Re-runs whose result was what it was before."""

    def ran(self, outcome: str, seconds: float) -> None:
        self.outcomes[outcome] += 1
        self.seconds += seconds
        self.durations[bisect_left(SECONDS_BOUNDS, seconds)] += 1

    @property
    def runs(self) -> int:
        return sum(self.outcomes.values())
