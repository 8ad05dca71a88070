"""`[tool.schemagen.check]`: what a check compares with, and what fails it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemagen.cli.mistake import Mistake, did_you_mean
from schemagen.cli.toml_place import TomlPlaces

KEYS = ("base", "gate", "unused")
LEVELS = ("wire", "data", "source")
"""The levels that can fail a check, the worst first."""
UNUSED = ("fail", "inform")


@dataclass(frozen=True, slots=True)
class Checking:
    """How a project is checked."""

    base: str | None = None
    """As `--base`; without one, where the branch left the main branch."""
    gate: tuple[str, ...] = ("wire", "data")
    """The levels that fail."""
    unused: str = "fail"
    """What a break does that no released client would feel: `fail` or `inform`."""


def read_checking(given: Any, places: TomlPlaces) -> tuple[Checking, list[Mistake]]:
    """The settings, and every mistake in them."""
    if not isinstance(given, dict):
        why = "it holds settings of the check, by name"
        fix = "write [tool.schemagen.check] on a line of its own, and the settings below it"
        return Checking(), [places.mistake(("check",), "config_value", "check is no table", why=why, fix=fix)]
    reader = _Reader(given, places)
    return Checking(reader.base(), reader.gate(), reader.unused()), reader.mistakes


class _Reader:
    def __init__(self, given: dict[str, Any], places: TomlPlaces) -> None:
        self.given = given
        self.places = places
        self.mistakes: list[Mistake] = []
        for key in given:
            if key not in KEYS:
                self._mistake(
                    key,
                    f'unknown key "{key}" in [tool.schemagen.check]{did_you_mean(key, KEYS)}',
                    why="a key that is not read would change nothing, silently",
                    fix=f"keys here: {', '.join(KEYS)}",
                    rule="config_unknown_key",
                )

    def base(self) -> str | None:
        base = self.given.get("base")
        if base is None or (isinstance(base, str) and base):
            return base
        self._mistake(
            "base",
            "base is no text",
            why="it names what the contract is compared with",
            fix='base = "git:main", or the path of a contract.json, or the address of a server',
        )
        return None

    def gate(self) -> tuple[str, ...]:
        gate = self.given.get("gate", list(Checking().gate))
        if not isinstance(gate, list) or not all(isinstance(level, str) for level in gate):
            self._mistake("gate", "gate is no list of levels", why="several may fail", fix='gate = ["wire", "data"]')
            return ()
        for level in gate:
            if level not in LEVELS:
                self._mistake(
                    "gate",
                    f'"{level}" is no level that can fail{did_you_mean(level, LEVELS)}',
                    why="only these say that something breaks",
                    fix=f"choose from {', '.join(LEVELS)}",
                )
        return tuple(level for level in LEVELS if level in gate)

    def unused(self) -> str:
        unused = self.given.get("unused", "fail")
        if unused in UNUSED:
            return str(unused)
        self._mistake(
            "unused",
            f'unused is {unused!r}, and not "fail" or "inform"',
            why="it says what a break does that no released client would feel",
            fix='unused = "fail", or unused = "inform"',
        )
        return "fail"

    def _mistake(self, key: str, message: str, *, why: str, fix: str, rule: str = "config_value") -> None:
        self.mistakes.append(self.places.mistake(("check", key), rule, message, why=why, fix=fix))
