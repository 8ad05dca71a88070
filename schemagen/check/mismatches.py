"""What a deployed client can no longer do: the changes between its contract and today's, by function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from schemagen.check.changes import Change, Language, Level, Side
from schemagen.check.compare import compare
from schemagen.model.contract import Contract, Json, Missing


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Why a function no longer fits a client."""

    function: str
    reason: str
    """One sentence for whoever maintains the client."""
    witness: Json | Missing
    """A value that one side has and the other does not take; MISSING if it is the function itself that is gone."""


@dataclass(frozen=True, slots=True)
class Mismatches:
    """All of them, by function path; a function stands in one of the two at most."""

    refused: Mapping[str, Mismatch]
    """Whatever is called, the client could not read the answer, or nobody is there to give one."""
    narrowed: Mapping[str, Mismatch]
    """Most calls go on as ever: only some arguments that the client may send are no longer taken."""

    def __bool__(self) -> bool:
        return bool(self.refused or self.narrowed)


def client_changes(old: Contract, new: Contract) -> tuple[Change, ...]:
    """What changed for clients that were built from `old`; what is stored is not looked at."""
    return compare(replace(old.public, tables=()), new)


def mismatches(changes: Iterable[Change], language: Language | None) -> Mismatches:
    """What breaks a client in `language` that was built from the old contract; None if nobody knows the language.

    What could only not be proved to fit is let pass, and so are new errors: they harm only who meets them.
    """
    refused: dict[str, Mismatch] = {}
    narrowed: dict[str, Mismatch] = {}
    for change in changes:
        if _level(change, language) is not Level.WIRE:
            continue
        for path in change.functions:
            found = Mismatch(path, f"{change.at}: {change.says}", change.witness)
            match change.side:
                case Side.FUNCTION | Side.RETURNS if not change.unsure:
                    refused.setdefault(path, found)
                case Side.ARGS:
                    narrowed.setdefault(path, found)
                case _:
                    pass
    return Mismatches(refused, {path: found for path, found in narrowed.items() if path not in refused})


def _level(change: Change, language: Language | None) -> Level:
    return change.level if language is None else change.levels.get(language, Level.SAFE)
