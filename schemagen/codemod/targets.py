"""What is renamed, and the places where nobody can tell whether it is meant."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Member:
    """A field, or a function of an SDK's module class: an attribute of these classes and of those below them."""

    classes: frozenset[str]
    """Full names, where it is declared."""
    old: str
    new: str
    old_on_wire: str = ""
    """Its name in JSON, if that is another one."""
    is_field: bool = True
    """Also given by keyword, read in patterns, named in strings."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A function or class at the level of its module."""

    module: str
    old: str
    new: str
    paths: tuple[str, ...] = ()
    """How texts may speak of it: `contacts.list_all`, `contacts.listAll`."""


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of these functions, by their full names."""

    functions: frozenset[str]
    old: str
    new: str
    old_on_wire: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A name that stands in texts alone, as that of a table does."""

    old: str
    new: str


Target: TypeAlias = Member | Symbol | Argument | Text


@dataclass(frozen=True, slots=True, order=True)
class Doubt:
    """A place that may mean what is renamed; it is left as it is."""

    path: str
    line: int
    column: int
    text: str
    """What stands there, on one line."""
    why: str = field(compare=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.text}  ({self.why})"


class CannotRename(Exception):
    """It would change what the code means: `message`, and `fix`."""

    def __init__(self, message: str, *, why: str, fix: str, path: str = "", line: int = 0, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.why = why
        self.fix = fix
        self.path = path
        self.line = line
        self.column = column
