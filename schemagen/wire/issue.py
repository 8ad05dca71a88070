"""What is wrong with a value, and where in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

PathPart: TypeAlias = str | int

ISSUES_MAX = 100
"""More mistakes in one value than this are not collected: nobody reads them, and they cost memory."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One mistake: where it is, in wire names and indexes from the outermost value, and what is wrong."""

    path: tuple[PathPart, ...]
    message: str

    def __str__(self) -> str:
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path).lstrip(".")
        return f"{where}: {self.message}" if where else self.message


class WireError(ValueError):
    """A value is not of its type; every mistake in it, at least one."""

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        super().__init__(issues)
        self.issues = issues

    def below(self, part: PathPart) -> Iterator[Issue]:
        """The same mistakes as seen from the value that holds this one at `part`."""
        return (Issue((part, *issue.path), issue.message) for issue in self.issues)

    def __str__(self) -> str:
        return "; ".join(map(str, self.issues))


def refusal(message: str) -> WireError:
    """A mistake of the very value that is looked at."""
    return WireError((Issue((), message),))


def collected(issues: list[Issue]) -> WireError:
    """All mistakes found inside one value, up to `ISSUES_MAX`."""
    return WireError(tuple(issues[:ISSUES_MAX]))
