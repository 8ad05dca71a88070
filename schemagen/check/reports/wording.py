"""Words that several forms of a report share."""

from __future__ import annotations

import json

from schemagen.check.changes import Change, Level
from schemagen.check.report import Report, Standing
from schemagen.model.contract import Json, Missing

_NOUNS = {
    Standing.INFORMS: "warning",
    Standing.ACCEPTED: "accepted break",
    Standing.SAFE: "safe change",
}
_LANGUAGE_NAMES = {"python": "Python", "typescript": "TypeScript"}


def headline(change: Change) -> str:
    """What the change says, after where it is said of, on one line."""
    says = " ".join(change.says.split())
    return says if says.startswith(change.at) else f"{change.at}: {says}"


def felt_elsewhere(change: Change) -> bool:
    """Whether its place alone does not say which functions a change is felt through."""
    return bool(change.functions) and not (len(change.functions) == 1 and change.at.startswith(change.functions[0]))


def level_text(change: Change) -> str:
    """`wire`; where languages differ `wire (Python), source (TypeScript)`."""
    if len(set(change.levels.values())) == 1:
        return change.level.value
    return ", ".join(
        f"{level.value} ({_LANGUAGE_NAMES[language]})" for language, level in sorted(change.levels.items())
    )


def was_and_is(change: Change) -> tuple[str, str]:
    """What stood there and what stands there, `-` for nothing; two empty texts if the change is no replacement."""
    return (change.old or "-", change.new or "-") if change.old or change.new else ("", "")


def witness_text(witness: Json | Missing) -> str:
    """A value as JSON on one line; "" if there is none."""
    return "" if isinstance(witness, Missing) else json.dumps(witness, ensure_ascii=False)


def counted(count: int, noun: str) -> str:
    """`1 change`, `2 changes`, `no changes`."""
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"


def some(words: tuple[str, ...], most: int) -> str:
    """`a, b, c and 4 more`."""
    more = len(words) - most
    return ", ".join(words) if more <= 0 else f"{', '.join(words[:most])} and {more} more"


def verdict(report: Report) -> str:
    """`breaking`, `failed` (nothing breaks, something else is wrong) or `safe`."""
    return "breaking" if report.breaking else "failed" if report.fails else "safe"


def counts(report: Report) -> str:
    """How many of each there are; `nothing changed` if there is none."""
    fails = report.standing(Standing.FAILS)
    levels = [(level.value, sum(each.change.level is level for each in fails)) for level in reversed(Level)]
    kinds = ", ".join(f"{count} {level}" for level, count in levels if count)
    other = sum(finding.fails for finding in report.findings)
    parts = [f"{counted(len(fails), 'breaking change')} ({kinds})"] if fails else []
    parts += [counted(other, "other mistake")] if other else []
    for standing, noun in _NOUNS.items():
        found = len(report.standing(standing))
        parts += [counted(found, noun)] if found else []
    return ", ".join(parts) or "nothing changed"
