"""A mistake in a command or its configuration, as values: gathered, raised once, printed by `main`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, where, why that matters, and what to do; docs/configuration.md and docs/cli.md list the rules."""

    rule: str
    message: str
    why: str
    fix: str
    file: str = ""  # below the project folder, forward slashes; "" if no file is to blame
    line: int = 0  # from 1; 0 if the file as a whole is meant
    column: int = 1
    source: str = ""  # the text of that line
    mark: int = 1  # how many characters from `column` on are to blame
    note: str = ""  # stands beside the marked characters

    def __str__(self) -> str:
        where = (
            "" if not self.file else f"{self.file}: " if not self.line else f"{self.file}:{self.line}:{self.column}: "
        )
        lines = [f"{where}error[{self.rule}]: {self.message}"]
        if self.line and self.source:
            gutter = " " * len(f"{self.line:5}")
            lines.append(f"{self.line:5} | {self.source}")
            lines.append(f"{gutter} | {' ' * (self.column - 1)}{'^' * max(1, self.mark)} {self.note}".rstrip())
        lines += [f"  why: {self.why}", f"  fix: {self.fix}"]
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """The keys of `introspect.diagnostics.to_json`."""
        place = {"file": self.file, "line": self.line, "column": self.column, "width": self.mark, "note": self.note}
        return {
            "rule": self.rule,
            "message": self.message,
            "place": place if self.file else None,
            "others": [],
            "why": self.why,
            "fix": self.fix,
        }


class CommandError(Exception):
    """The command cannot go on: every mistake found, at least one. Exit code 2."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("\n\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """` (did you mean "backend"?)`, or "" if nothing is close."""
    close = difflib.get_close_matches(given, list(known), n=1, cutoff=0.6)
    return f' (did you mean "{close[0]}"?)' if close else ""
