"""Mistakes of a backend as values: what, where, why, and how to fix it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from schemagen.model.contract import Json, Origin

Sources: TypeAlias = Mapping[str, str]
"""The text of each source file, by the path that origins use."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A piece of source on one line, and what is to be said right below it."""

    origin: Origin
    width: int = 1  # characters to underline
    note: str = ""


def origin_of(place: Place | None) -> Origin | None:
    return None if place is None else place.origin


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake. `rule` names its page in `docs/errors.md` and its case in `tests/cases/errors/`."""

    rule: str
    message: str
    place: Place | None  # None where there is no line to point at
    why: str
    fix: str
    others: tuple[Place, ...] = ()
    """Further places that take part, such as the other one of two names that meet."""


class InvalidBackend(Exception):
    """The backend has mistakes: all that could be found, in the order of the source."""

    def __init__(self, diagnostics: Iterable[Diagnostic], sources: Sources, output: str = "") -> None:
        self.diagnostics = tuple(sorted(set(diagnostics), key=_order))
        self.sources = sources
        self.output = output
        """What the backend printed while it was imported."""
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return render(self.diagnostics, self.sources)


def render(diagnostics: Iterable[Diagnostic], sources: Sources) -> str:
    """All diagnostics for people, a blank line between two, a newline at the end; "" if there are none."""
    return "\n".join(_render(diagnostic, sources) for diagnostic in diagnostics)


def to_json(diagnostics: Iterable[Diagnostic]) -> list[Json]:
    """All diagnostics for machines; lines and columns count from 1, `width` is in characters."""
    return [
        {
            "rule": d.rule,
            "message": d.message,
            "place": None if d.place is None else _place_json(d.place),
            "others": [_place_json(place) for place in d.others],
            "why": d.why,
            "fix": d.fix,
        }
        for d in diagnostics
    ]


def _place_json(place: Place) -> Json:
    at = place.origin
    return {"file": at.file, "line": at.line, "column": at.column, "width": place.width, "note": place.note}


def _order(diagnostic: Diagnostic) -> tuple[bool, Place, str, str]:
    place = diagnostic.place or Place(Origin("", 0))
    return (diagnostic.place is not None, place, diagnostic.rule, diagnostic.message)


def _render(diagnostic: Diagnostic, sources: Sources) -> str:
    head = f"error[{diagnostic.rule}]: {diagnostic.message}\n"
    places = [] if diagnostic.place is None else [diagnostic.place, *diagnostic.others]
    gutter = max((len(str(place.origin.line)) for place in places), default=0) + 3
    lines = [head]
    for i, place in enumerate(places):
        at = f"{place.origin.file}:{place.origin.line}:{place.origin.column}:"
        lines[-1 if i == 0 else len(lines) :] = [f"{at} {head}" if i == 0 else f"  {at}\n"]
        lines.append(_frame(place, sources, gutter))
    lines.append(f"  why: {_indented(diagnostic.why)}\n")
    lines.append(f"  fix: {_indented(diagnostic.fix)}\n")
    return "".join(lines)


def _frame(place: Place, sources: Sources, gutter: int) -> str:
    """The line of source with its number, and the part that is meant underlined; "" if the source is not known."""
    text = sources.get(place.origin.file, "").split("\n")
    if not 0 < place.origin.line <= len(text):
        return ""
    line = text[place.origin.line - 1]
    before, meant = line[: place.origin.column - 1], line[place.origin.column - 1 :][: place.width]
    note = f" {place.note}" if place.note else ""
    shown = f"{place.origin.line:>{gutter}} | {_expanded(line)}".rstrip()
    return f"{shown}\n{'':>{gutter}} | {' ' * _cells(before)}{'^' * max(1, _cells(meant))}{note}\n"


def _indented(text: str) -> str:
    """Further lines stand below the first one."""
    return "\n".join(f"       {line}".rstrip() if i else line for i, line in enumerate(text.split("\n")))


def _expanded(line: str) -> str:
    return line.replace("\t", "    ")


def _cells(text: str) -> int:
    """Columns of a terminal that `text` takes."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    marks = sum(unicodedata.combining(char) > 0 for char in text)
    return len(_expanded(text)) + wide - marks
