"""Declaration maps: from a name in a `.d.ts` file to the Python code that declares it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Final

from schemagen.model.contract import Origin

_DIGITS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass(slots=True)
class Mark:
    """One place in the generated text; `source` is None where nothing of Python stands behind it."""

    line: int  # from 0, as columns
    column: int  # in UTF-16 units
    source: tuple[str, int, int] | None  # file, line and column, from 0


@dataclass(slots=True)
class MappedText:
    """Lines of a declaration file, and where its names come from."""

    lines: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def add(self, *lines: str) -> None:
        """Lines in which nothing is declared that an editor could be asked for."""
        self.lines += lines

    def declare(self, text: str, name: str, origin: Origin | None, written: str | None = None) -> None:
        """Lines whose first occurrence of `name` is declared at `origin`, where it is spelled `written`.

        Start and end are mapped, so that a rename in an editor that follows maps replaces just the Python name. A name
        without a place in Python is marked as such: an editor takes the next mark for a place that has none.
        """
        start = text.index(name)
        line = len(self.lines) + text.count("\n", 0, start)
        column = _utf16(text[text.rfind("\n", 0, start) + 1 : start])
        end = column + _utf16(name)
        if origin is None or written is None:
            self.marks.append(Mark(line, column, None))
        else:
            at = (origin.file, origin.line - 1, origin.column - 1)
            self.marks.append(Mark(line, column, at))
            self.marks.append(Mark(line, end, (at[0], at[1], at[2] + _utf16(written))))
        self.lines += text.split("\n")

    def followed_by(self, other: MappedText) -> MappedText:
        moved = (Mark(mark.line + len(self.lines), mark.column, mark.source) for mark in other.marks)
        return MappedText([*self.lines, *other.lines], [*self.marks, *moved])

    def text(self, file: str) -> str:
        return "\n".join([*self.lines, f"//# sourceMappingURL={file}.map", ""])

    def source_map(self, file: str, source_root: str) -> str:
        """The map, version 3; `source_root` leads from the folder of `file` to the project."""
        sources = sorted({mark.source[0] for mark in self.marks if mark.source})
        fields = {
            "version": 3,
            "file": file,
            "sourceRoot": "",
            "sources": [f"{source_root}/{source}" for source in sources],
            "names": [],
            "mappings": self._mappings({source: i for i, source in enumerate(sources)}),
        }
        return json.dumps(fields, separators=(",", ":"), ensure_ascii=False) + "\n"

    def _mappings(self, number: dict[str, int]) -> str:
        lines: list[str] = []
        last_source = last_line = last_column = 0
        at = 0
        for line in range(len(self.lines)):
            segments, column = [], 0
            while at < len(self.marks) and self.marks[at].line == line:
                mark = self.marks[at]
                at += 1
                segment = vlq(mark.column - column)
                column = mark.column
                if mark.source is not None:
                    file, source_line, source_column = mark.source
                    segment += vlq(number[file] - last_source)
                    segment += vlq(source_line - last_line) + vlq(source_column - last_column)
                    last_source, last_line, last_column = number[file], source_line, source_column
                segments.append(segment)
            lines.append(",".join(segments))
        return ";".join(lines)


def vlq(value: int) -> str:
    """A signed integer in base 64: five bits per digit, least first, the sign in the lowest bit."""
    rest = -value << 1 | 1 if value < 0 else value << 1
    digits = ""
    while True:
        digit, rest = rest & 31, rest >> 5
        digits += _DIGITS[digit | 32 if rest else digit]
        if not rest:
            return digits


def _utf16(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
