"""What a check in a consumer's own build found."""

from __future__ import annotations

import json
from dataclasses import dataclass

from schemagen.check.changes import Change, Level
from schemagen.check.usage import Use
from schemagen.model.canonical import from_json
from schemagen.model.contract import Contract


@dataclass(frozen=True, slots=True)
class Comparison:
    """One contract compared with another, as far as the consumer uses it."""

    old: str
    """What they are called: `schemagen.lock.json`, `crm`, `https://crm.example`."""
    new: str
    changes: tuple[Change, ...]
    """Those that break, or that a compiler may see; each with its level for the consumer's language alone."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Everything that a check found."""

    comparisons: tuple[Comparison, ...] = ()
    unlocked: tuple[Use, ...] = ()
    """What the source uses and the lock does not hold."""

    @property
    def breaking(self) -> bool:
        return any(map(fails, (change for each in self.comparisons for change in each.changes)))

    @property
    def ok(self) -> bool:
        return not self.breaking and not self.unlocked


@dataclass(frozen=True, slots=True)
class Mistake:
    """What keeps a check from being made: what is wrong, where, why that matters, and what to do."""

    rule: str
    says: str
    why: str
    fix: str
    place: str = ""  # file, or file:line:column

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}error[{self.rule}]: {self.says}\n  why: {self.why}\n  fix: {self.fix}"


def served(text: str) -> tuple[str, Contract]:
    """The fingerprint and the contract in the answer to `/api/contract`. Raises ValueError for another text."""
    try:
        answer = json.loads(text)
        return str(answer["fingerprint"]), from_json(json.dumps(answer["contract"]))
    except (KeyError, TypeError) as mistake:
        raise ValueError(f"not the answer of a server: {mistake}") from mistake


def fails(change: Change) -> bool:
    """Whether calls stop working; what compilers see is left to them to say."""
    return change.level is Level.WIRE
