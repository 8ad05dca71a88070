"""What changed between two contracts."""

from __future__ import annotations

from schemagen.check.changes import Change
from schemagen.model.contract import Contract


def compare(old: Contract, new: Contract) -> tuple[Change, ...]:
    """Every difference between two contracts that means something, one cause once, sorted by place; () if there is none."""
    raise NotImplementedError
