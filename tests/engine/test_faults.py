"""The simulation is worth what it finds: it has to find every one of these bugs."""

from __future__ import annotations

import pytest

from tests.engine.faults import FAULTS, Fault
from tests.engine.simulation.programs import Mix
from tests.engine.simulation.run import PRECISE_RUNS, PRECISE_WASTE_MAX, Violation, simulate, simulate_many

SEEDS_MAX = 200


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.mix is not Mix.PRECISE], ids=str)
def test_the_simulation_finds_that(fault: Fault) -> None:
    with fault.seeded(), pytest.raises(Violation):
        for seed in range(SEEDS_MAX):
            simulate(seed, fault.mix)


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.mix is Mix.PRECISE], ids=str)
def test_the_share_of_reruns_in_vain_shows_that(fault: Fault) -> None:
    with fault.seeded():
        stats = simulate_many(range(PRECISE_RUNS), Mix.PRECISE)
    assert stats.wasted_reruns > PRECISE_WASTE_MAX * stats.reruns
