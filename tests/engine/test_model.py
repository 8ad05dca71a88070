"""The engine against a model in plain Python, by seeded simulation: `tests/engine/simulation`, docs/guarantees.md.

A failure names its seed; `SIMULATION_FIRST=<seed> SIMULATION_RUNS=1 pytest tests/engine/test_model.py` runs it again.
"""

from __future__ import annotations

import os

import pytest

from tests.engine.simulation.programs import Mix
from tests.engine.simulation.run import PRECISE_RUNS, PRECISE_WASTE_MAX, simulate, simulate_many

FIRST = int(os.environ.get("SIMULATION_FIRST", "0"))
RUNS = int(os.environ.get("SIMULATION_RUNS", "2000"))
PARTS = 20


@pytest.mark.parametrize("part", range(PARTS))
def test_every_promise_holds_in_random_lives(part: int) -> None:
    stats = simulate_many(range(FIRST + part, FIRST + RUNS, PARTS))
    if RUNS >= 100:
        assert stats.wasted_reruns < 0.10 * stats.reruns, f"{stats.wasted_reruns} of {stats.reruns} were in vain"


def test_a_query_that_gives_all_it_reads_hardly_ever_runs_in_vain() -> None:
    stats = simulate_many(range(PRECISE_RUNS), Mix.PRECISE)
    assert stats.reruns > 0
    assert stats.wasted_reruns < PRECISE_WASTE_MAX * stats.reruns, f"{stats.wasted_reruns} of {stats.reruns}"


@pytest.mark.parametrize("mix", [Mix.SEARCHES, Mix.CALLERS])
def test_every_promise_holds_where_few_kinds_of_queries_meet(mix: Mix) -> None:
    simulate_many(range(FIRST, FIRST + min(RUNS, 100)), mix)


def test_a_seed_gives_the_same_life_each_time() -> None:
    assert simulate(7) == simulate(7)
