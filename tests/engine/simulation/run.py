"""Runs worlds by their seeds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from schemagen.engine import invalidation, selecting
from schemagen.engine.answer import Stats
from schemagen.sync import diff
from tests.engine.simulation.programs import Mix
from tests.engine.simulation.world import new_world

STEPS = 60

PRECISE_RUNS = 60
PRECISE_WASTE_MAX = 0.025
"""The share of re-runs in vain, over that many lives in which queries give all that they read; it is below 0.01."""


class Violation(AssertionError):
    """A promise was broken."""


def simulate(seed: int, mix: Mix = Mix.ALL) -> Stats:
    """One life; its counters. Raises `Violation`, which has the seed and what was done last."""
    with small_steps(), new_world(seed, mix) as world:
        try:
            for _ in range(STEPS):
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
        patch.object(diff, "ITEMS_MIN", 2),
    ):
        yield


def simulate_many(seeds: range, mix: Mix = Mix.ALL) -> Stats:
    """Many lives; the sums of their counters."""
    total = Stats()
    for seed in seeds:
        stats = simulate(seed, mix)
        total.reruns += stats.reruns
        total.wasted_reruns += stats.wasted_reruns
    return total
