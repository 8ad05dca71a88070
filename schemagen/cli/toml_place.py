"""Where a key stands in a TOML file: tomllib tells what a file says, not where."""

from __future__ import annotations

import re

from schemagen.cli.mistake import Mistake

_HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(#.*)?")


class TomlPlaces:
    """Finds keys below [tool.schemagen] line by line. Good enough to point at: a key that hides is its table's line."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = text.splitlines()

    def find(self, key: tuple[str, ...]) -> tuple[int, int]:
        """Line and column, from 1, of a key, else of the nearest table around it; line 0 if there is none."""
        wanted = ("tool", "schemagen", *key)
        nearest = (0, 0, 1)  # how many parts of the key are found there, line, column
        table: tuple[str, ...] = ()
        for number, line in enumerate(self.lines, 1):
            header = _HEADER.fullmatch(line)
            if header:
                table = _parts(header[1])
                found, column = table, line.index("[") + 1
            elif "=" in line:
                found, column = (*table, *_parts(line.partition("=")[0])), len(line) - len(line.lstrip()) + 1
            else:
                continue
            if found == wanted[: len(found)] and len(found) > nearest[0]:
                nearest = (len(found), number, column)
        return nearest[1], nearest[2]

    def mistake(self, key: tuple[str, ...], rule: str, message: str, *, why: str, fix: str) -> Mistake:
        """A mistake that points at a key below [tool.schemagen]."""
        line, column = self.find(key)
        source = self.lines[line - 1] if line else ""
        shown = source[column - 1 :].split("=")[0].split("#")[0].rstrip()
        return Mistake(
            rule, message, why, fix, file=self.file, line=line, column=column, source=source, mark=len(shown)
        )


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
