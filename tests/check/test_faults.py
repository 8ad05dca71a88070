"""Random contracts and patterns are worth what they find: they have to find every one of these bugs."""

from __future__ import annotations

import pytest

from tests.check.faults import FAULTS, Fault

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_that_is_found(fault: Fault) -> None:
    with fault.seeded(), pytest.raises(AssertionError):
        fault.found_by()
