"""How much of everything is measured: enough for figures to stand still, or just enough to see that it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Scale:
    calls: int
    """Of each kind, over all clients."""
    sockets: int
    """That watch one query."""
    writes: int
    """That each of those sockets is told of."""
    rounds: int
    """Of each measurement; the least counts, for other work on the machine only adds."""
    subscriptions: tuple[int, ...]
    """Watched queries in the engine, from the fewest to the most."""
    live_queries: int
    """Distinct queries that one write makes run again."""
    documents: int
    """That are searched."""
    tenants: int
    searches: int


FULL: Final = Scale(3200, 1000, 10, 3, (10_000, 100_000, 1_000_000), 500, 200_000, 200, 2000)
SMALL: Final = Scale(640, 100, 5, 1, (1_000, 10_000), 100, 4_000, 20, 200)
