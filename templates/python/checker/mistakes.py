"""What keeps a check from being made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, where, why that matters, and what to do."""

    rule: str
    says: str
    why: str
    fix: str
    place: str = ""  # file, or file:line:column

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}error[{self.rule}]: {self.says}\n  why: {self.why}\n  fix: {self.fix}"


class CannotCheck(Exception):
    """The check could not be made. Holds at least one mistake; exit code 2."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("\n\n".join(map(str, mistakes)))
        self.mistakes = mistakes


class ContractChanged(AssertionError):
    """What a consumer uses has changed, or is not in its lock. Its text is the whole report."""
