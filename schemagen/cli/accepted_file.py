"""`schemagen-accepted.toml`: breaks that somebody decided to make, written down for review, beside pyproject.toml."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemagen.cli.mistake import CommandError, Mistake, did_you_mean

if TYPE_CHECKING:
    from schemagen.check.accepted import Accepted

NAME = "schemagen-accepted.toml"
KEYS = ("fingerprint", "at", "says", "reason", "expires")
_HEAD = """\
# Breaks of the contract that somebody decided to make, each with a reason, until a day.
# `schemagen check --accept` adds to this file; review it like code, and remove what has expired.
"""
_WHY = "a break is accepted by somebody, for a reason, until a day"


def read_accepted(root: Path) -> tuple[Accepted, ...]:
    """Every entry; () if there is no such file. Raises `CommandError` with every mistake."""
    file = root / NAME
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return ()
    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        line = int(found[1]) if found else max(1, len(text.splitlines()))
        raise CommandError(
            _mistake(text, line, f"not valid TOML: {error}", "repair this line; strings need quotes")
        ) from None
    return _Reader(text).read(whole)


def append_accepted(root: Path, entries: Iterable[Accepted]) -> Path:
    """Add entries at the end; what stands there stays as it is."""
    file = root / NAME
    text = file.read_text("utf-8") if file.is_file() else _HEAD
    file.write_text(text.rstrip("\n") + "\n" + "".join(map(_entry_text, entries)), "utf-8", newline="\n")
    return file


def _entry_text(entry: Accepted) -> str:
    lines = ["", "[[accepted]]"]
    lines += [f"{key} = {_toml_text(getattr(entry, key))}" for key in KEYS[:-1]]
    return "\n".join([*lines, f"expires = {entry.expires.isoformat()}"]) + "\n"


def _toml_text(text: str) -> str:
    """A JSON string is a TOML string, but for the one control character that JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.mistakes: list[Mistake] = []
        headers = re.compile(r"\s*\[\[\s*accepted\s*\]\]\s*(#.*)?")
        self.places = [number for number, line in enumerate(text.splitlines(), 1) if headers.fullmatch(line)]

    def read(self, whole: dict[str, Any]) -> tuple[Accepted, ...]:
        given = whole.pop("accepted", [])
        for key in whole:
            self._mistake(1, f'unknown key "{key}"{did_you_mean(key, ("accepted",))}', "write entries as [[accepted]]")
        if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
            self._mistake(1, "accepted is no list of tables", "write [[accepted]], in two brackets, before each entry")
            given = []
        found = [self._entry(item, self._line(number)) for number, item in enumerate(given)]
        if self.mistakes:
            raise CommandError(*self.mistakes)
        return tuple(entry for entry in found if entry is not None)

    def _entry(self, item: dict[str, Any], line: int) -> Accepted | None:
        from schemagen.check.accepted import Accepted
        from schemagen.check.changes import Place

        before = len(self.mistakes)
        for key in item:
            if key not in KEYS:
                fix = f"keys here: {', '.join(KEYS)}"
                self._mistake(line, f'unknown key "{key}"{did_you_mean(key, KEYS)}', fix)
        texts = {key: self._text(item, key, line) for key in KEYS[:-1]}
        expires = item.get("expires")
        if type(expires) is not date:
            self._mistake(line, "this entry has no day on which it expires", "add expires = 2027-01-31, without quotes")
        if len(self.mistakes) > before or type(expires) is not date:
            return None
        place = Place(NAME, line, 1)
        return Accepted(texts["fingerprint"], texts["reason"], expires, texts["at"], texts["says"], place)

    def _text(self, item: dict[str, Any], key: str, line: int) -> str:
        given = item.get(key, "")
        if not isinstance(given, str) or (key in ("fingerprint", "reason") and not given.strip()):
            self._mistake(line, f"this entry has no {key}", f'add {key} = "…"')
            return ""
        return given

    def _line(self, number: int) -> int:
        return self.places[number] if number < len(self.places) else 1

    def _mistake(self, line: int, message: str, fix: str) -> None:
        self.mistakes.append(_mistake(self.text, line, message, fix))


def _mistake(text: str, line: int, message: str, fix: str) -> Mistake:
    lines = text.splitlines()
    source = lines[line - 1] if line <= len(lines) else ""
    return Mistake(
        "check_accepted", message, _WHY, fix, file=NAME, line=line, column=1, source=source, mark=len(source) or 1
    )
