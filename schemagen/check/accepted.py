"""Breaks that somebody decided to make: each known by its fingerprint, with a reason, until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from schemagen.check.changes import Place


@dataclass(frozen=True, slots=True)
class Accepted:
    """One entry of the file of accepted breaks."""

    fingerprint: str
    reason: str
    expires: date
    """The first day on which it counts no more."""
    at: str = ""
    says: str = ""
    """What the change said when it was accepted; for the reader alone."""
    place: Place | None = None
    """Where the entry stands."""

    def holds(self, today: date) -> bool:
        return today < self.expires


def acceptance(accepted: tuple[Accepted, ...], fingerprint: str, today: date) -> Accepted | None:
    """The entry that accepts a change; of several the one that holds longest, and None if none does any more."""
    entries = [entry for entry in accepted if entry.fingerprint == fingerprint and entry.holds(today)]
    return max(entries, key=lambda entry: entry.expires, default=None)
