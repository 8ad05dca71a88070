"""Runs worlds by their seeds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from schemagen.engine import invalidation, selecting
from schemagen.engine.answer import Stats
from tests.engine.simulation.world import new_world

STEPS = 60


class Violation(AssertionError):
    """A promise was broken."""


def simulate(seed: int, steps: int = STEPS) -> Stats:
    """One life; its counters. Raises `Violation` with the seed and what was done last."""
    with small_steps(), new_world(seed) as world:
        try:
            for _ in range(steps):
                world.step()
            world.settle()
            world.replay()
        except Exception as error:
            done = ", ".join(world.trace[-12:])
            raise Violation(f"seed {seed}, step {len(world.trace)} (… {done}): {error!r}") from error
    return world.stats


@contextmanager
def small_steps() -> Iterator[None]:
    """What happens beyond some dozens of rows or watchers happens here beyond two."""
    with (
        patch.object(selecting, "_CHUNK_FIRST", 2),
        patch.object(invalidation, "_SCANNED_MAX", 2),
        patch.object(invalidation, "_FAN_OUT", 2),
    ):
        yield
