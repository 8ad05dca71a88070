"""What a report is made of: changes with what follows from each, and findings that are no change of the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias

from schemagen.check.accepted import Accepted, acceptance
from schemagen.check.changes import SEVERITY, Change, Level, Place
from schemagen.check.fingerprints import change_fingerprint

Source: TypeAlias = Callable[[str, int], str]
"""The text of a line of a file, from 1; "" where the file is not at hand."""

GATE: Final = frozenset({Level.WIRE, Level.DATA})
"""The levels that fail, unless it is configured otherwise."""


class Standing(StrEnum):
    """What follows from a change or a finding, the worst first."""

    FAILS = "fails"
    INFORMS = "informs"  # worth knowing, and does not fail
    ACCEPTED = "accepted"  # would fail, and somebody wrote down why it may
    SAFE = "safe"


_ORDER: Final = {standing: number for number, standing in enumerate(Standing)}


@dataclass(frozen=True, slots=True)
class Judged:
    """A change, and what follows from it."""

    change: Change
    standing: Standing
    fingerprint: str
    notes: tuple[str, ...] = ()
    """Sentences on why it stands so, where its level alone does not say it."""


FINDING_RULES: Final[dict[str, str]] = {
    "stale": "Generated files are not what the backend says.",
    "base_missing": "There is no earlier contract to compare with.",
    "consumer_type": "A consumer does not compile against the SDK.",
    "consumer_failed": "A consumer could not be compiled at all.",
    "consumer_unread": "The call sites in a consumer are not known.",
    "accepted_expired": "The day has come on which an accepted break has to be mended.",
    "accepted_unmatched": "An accepted break is not there any more.",
    "live_unknown": "Live clients were built on contracts that nobody knows.",
}
"""What a check finds beside changes, by id."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found beside changes: a stale file, a consumer that does not compile, an entry out of date."""

    rule: str
    says: str
    fix: str
    fails: bool = True
    place: Place | None = None
    detail: str = ""
    """Further lines, as of a diff."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is to be said, in the order in which it is said."""

    old: str
    """What was compared with what, for people: `git:main`, `generated/contract.json`; "" if nothing was."""
    new: str
    judged: tuple[Judged, ...] = ()
    findings: tuple[Finding, ...] = ()
    facts: tuple[str, ...] = ()
    """What was looked at and is well, one line each."""

    @property
    def breaking(self) -> bool:
        """Whether a change is refused."""
        return any(each.standing is Standing.FAILS for each in self.judged)

    @property
    def fails(self) -> bool:
        return self.breaking or any(finding.fails for finding in self.findings)

    def standing(self, *wanted: Standing) -> tuple[Judged, ...]:
        return tuple(each for each in self.judged if each.standing in wanted)


def judge(
    changes: Iterable[Change],
    gate: frozenset[Level] = GATE,
    accepted: tuple[Accepted, ...] = (),
    today: date = date.min,
    unused: str = "no released client uses it",
    *,
    unused_fails: bool = True,
) -> tuple[Judged, ...]:
    """What follows from each change, sorted: what fails first, then by place.

    `unused` is said of a change that breaks none of the clients that were asked; without `unused_fails` it does not
    fail.
    """
    judged = (_judged(change, gate, accepted, today, unused, unused_fails) for change in changes)
    return tuple(sorted(judged, key=_sort_key))


def _judged(
    change: Change,
    gate: frozenset[Level],
    accepted: tuple[Accepted, ...],
    today: date,
    unused: str,
    unused_fails: bool,
) -> Judged:
    fingerprint = change_fingerprint(change)
    if not change.breaking:
        return Judged(change, Standing.SAFE, fingerprint)
    felt = change.clients != ()
    notes = () if felt else (unused,)
    if not gate & set(change.levels.values()) or not (felt or unused_fails):
        return Judged(change, Standing.INFORMS, fingerprint, notes)
    entry = acceptance(accepted, fingerprint, today)
    if entry is None:
        return Judged(change, Standing.FAILS, fingerprint, notes)
    return Judged(
        change, Standing.ACCEPTED, fingerprint, (*notes, f"accepted before {entry.expires.isoformat()}: {entry.reason}")
    )


def _sort_key(judged: Judged) -> tuple[object, ...]:
    change = judged.change
    origin = ("", 0, 0) if change.origin is None else (change.origin.file, change.origin.line, change.origin.column)
    place = (*origin, change.at, change.rule, change.side.value, change.old, change.new)
    return (_ORDER[judged.standing], -SEVERITY[change.level], *place)
