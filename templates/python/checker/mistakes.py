"""What keeps a check from being made."""

from __future__ import annotations

from schemagen.check.consumer import Mistake as Mistake


class CannotCheck(Exception):
    """The check could not be made. Holds at least one mistake; exit code 2."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("\n\n".join(map(str, mistakes)))
        self.mistakes = mistakes


class ContractChanged(AssertionError):
    """What a consumer uses has changed, or is not in its lock. Its text is the whole report."""
