"""Text in lines of at most 80 columns, broken where prettier breaks it: a document of groups, printed flat if it fits.

The method is the one prettier uses too (P. Wadler, "A prettier printer", 2003).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

WIDTH: Final = 80
INDENT: Final = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line break where the group around it is broken, else `flat`."""

    flat: str = " "


@dataclass(frozen=True, slots=True)
class IfBreak:
    """Text that is there only where the group around it is broken."""

    broken: Doc


@dataclass(frozen=True, slots=True)
class Indent:
    inside: Doc


@dataclass(frozen=True, slots=True)
class Group:
    """On one line if it fits, else all its own line breaks are taken."""

    inside: Doc


Doc: TypeAlias = "str | tuple[Doc, ...] | Line | IfBreak | Indent | Group"

LINE: Final = Line()
SOFT_LINE: Final = Line("")


def join(separator: Doc, parts: Iterable[Doc]) -> Doc:
    joined: list[Doc] = []
    for part in parts:
        joined += [separator, part] if joined else [part]
    return tuple(joined)


def flat(doc: Doc) -> str:
    """The text on one line."""
    match doc:
        case str():
            return doc
        case tuple():
            return "".join(map(flat, doc))
        case Line(flat=text):
            return text
        case IfBreak():
            return ""
        case Indent(inside=inside) | Group(inside=inside):
            return flat(inside)
        case _:
            assert_never(doc)


def layout(before: str, doc: Doc, after: str = "", indent: int = 0) -> str:
    """`before`, `doc` and `after`, which start at column `indent` and go on at that indentation."""
    one_line = flat(doc)
    if indent + width(before) + width(one_line) + width(after) <= WIDTH:
        return f"{' ' * indent}{before}{one_line}{after}"
    return _broken((before, doc, after), indent)


def width(text: str) -> int:
    """Columns of a text; East Asian wide characters take two."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def _broken(doc: Doc, indent: int) -> str:
    out: list[str] = [" " * indent]
    column = indent
    todo: list[tuple[int, bool, Doc]] = [(indent, True, doc)]
    while todo:
        level, broken, part = todo.pop()
        match part:
            case str():
                out.append(part)
                column += width(part)
            case tuple():
                todo += [(level, broken, item) for item in reversed(part)]
            case Indent(inside=inside):
                todo.append((level + INDENT, broken, inside))
            case IfBreak(broken=inside):
                if broken:
                    todo.append((level, True, inside))
            case Line(flat=text) if not broken:
                out.append(text)
                column += len(text)
            case Line():
                while out and not out[-1].rstrip(" "):
                    out.pop()
                out[-1:] = [text.rstrip(" ") for text in out[-1:]]
                out.append("\n" + " " * level)
                column = level
            case Group(inside=inside):
                todo.append((level, not _fits(inside, todo, WIDTH - column), inside))
            case _:
                assert_never(part)
    return "".join(out)


def _fits(doc: Doc, rest: list[tuple[int, bool, Doc]], columns: int) -> bool:
    """Whether `doc` on one line, and what follows up to the next possible line break, fits."""
    columns -= width(flat(doc))
    for _, broken, part in reversed(rest):
        text, ends = _until_break(part, broken)
        columns -= width(text)
        if ends or columns < 0:
            break
    return columns >= 0


def _until_break(doc: Doc, broken: bool) -> tuple[str, bool]:
    """The text up to the first line break that may be taken, and whether there is one."""
    match doc:
        case str():
            return doc, False
        case tuple():
            text = ""
            for part in doc:
                more, ends = _until_break(part, broken)
                text += more
                if ends:
                    return text, True
            return text, False
        case Line(flat=text):
            return ("", True) if broken else (text, False)
        case IfBreak(broken=inside):
            return _until_break(inside, True) if broken else ("", False)
        case Indent(inside=inside) | Group(inside=inside):
            return _until_break(inside, broken)  # a later group may still break
        case _:
            assert_never(doc)
