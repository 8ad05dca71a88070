"""The checker as a specification: `tests/cases/check/<case>/` holds a backend before, one after, and what is said.

A case is `old.py`, `new.py` (or the packages `old/`, `new/`) and `report.txt`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from schemagen.check.changes import Change
from schemagen.check.compare import compare
from schemagen.introspect import load
from schemagen.model.contract import Contract
from tests.check.rendering import report
from tests.conftest import ROOT, Golden

FOLDER = ROOT / "tests/cases/check"
CASES = sorted(path.name for path in FOLDER.iterdir())


@cache
def contracts(case: str) -> tuple[Contract, Contract]:
    return _contract(FOLDER / case, "old"), _contract(FOLDER / case, "new")


def _contract(folder: Path, name: str) -> Contract:
    module = folder / f"{name}.py"
    return load(module if module.exists() else folder / name, folder).contract


@cache
def changes(case: str) -> tuple[Change, ...]:
    return compare(*contracts(case))


@pytest.mark.parametrize("case", CASES)
def test_a_change_is_reported_as_written(case: str, golden: Golden) -> None:
    golden.check(FOLDER / case / "report.txt", report(changes(case)))
