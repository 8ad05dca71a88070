"""How much memory the engine's caches may take. What they hold can be had again, for some work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PLANS_MAX: Final = 1024
"""Shapes of selects whose plan is kept."""

CONDITIONS_KEPT_MAX: Final = 32
"""Shapes with more conditions are planned each time: a handler may make them of its arguments."""

PINS_MAX: Final = 64
"""Pages of one live query whose end is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Ceilings in bytes."""

    result_bytes: int = 64 * 1_048_576
    """Encoded results of live queries. One that was let go is made again when another client asks for it."""
    database_bytes: int = 32 * 1_048_576
    """Pages of the database."""
