"""What the checker says of a case, as plain text: everything a `Change` knows, in the order in which it is read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from schemagen.check.changes import Change
from schemagen.model.contract import Missing

SILENCE = "safe: nothing changed\n"


def report(changes: Sequence[Change]) -> str:
    """One block per change, the worst first."""
    return "\n".join("\n".join(_lines(change)) + "\n" for change in changes) or SILENCE


def _lines(change: Change) -> Iterator[str]:
    unsure = " (cannot prove)" if change.unsure else ""
    yield f"{_levels(change)}: {change.rule}{unsure}"
    yield f"  {change.at}: {change.says}"
    if change.old:
        yield f"    was      {change.old}"
    if change.new:
        yield f"    now      {change.new}"
    if not isinstance(change.witness, Missing):
        text = json.dumps(change.witness, ensure_ascii=False)
        yield f"    witness  {text if len(text) <= 200 else text[:199] + '…'}"
    if change.functions:
        yield f"    reached  {', '.join(change.functions)}"
    if change.origin is not None:
        yield f"    declared {change.origin}"
    if change.fix:
        yield f"    fix      {change.fix}"


def _levels(change: Change) -> str:
    levels = {level.value for level in change.levels.values()}
    if len(levels) == 1:
        return levels.pop()
    return ", ".join(f"{level.value} in {language}" for language, level in sorted(change.levels.items()))
