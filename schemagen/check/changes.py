"""What the checker says: one `Change` per cause, each with its levels, its witness, and how to fix it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from schemagen.model.contract import MISSING, Json, Missing, Origin

Language: TypeAlias = Literal["python", "typescript"]
LANGUAGES: Final[tuple[Language, ...]] = ("python", "typescript")


class Level(StrEnum):
    """What a change does, from harmless to worst."""

    SAFE = "safe"  # nobody notices, or only gains
    SOURCE = "source"  # deployed clients go on working; rebuilding a consumer fails to compile
    DATA = "data"  # stored documents no longer fit
    WIRE = "wire"  # deployed clients break


SEVERITY: Final[Mapping[Level, int]] = {Level.SAFE: 0, Level.SOURCE: 1, Level.DATA: 2, Level.WIRE: 3}


class Side(StrEnum):
    """Where a change is felt. Routes, workflows and scheduled jobs will be sides of their own."""

    FUNCTION = "function"  # the function as such: removed, renamed, of another kind, internal
    ARGS = "args"
    RETURNS = "returns"
    ERRORS = "errors"
    STORED = "stored"  # documents of a table, and its indexes
    TYPE = "type"  # a name that consumers import


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A file below the project folder (or as the consumer's own path), line and column from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class CallSite:
    """A use of what changed in a consumer's source."""

    consumer: str  # its name in the configuration, or `<client>@<version>` of a released one
    place: Place
    uses: str  # `contacts.list`, `contacts.list(stage)`, `Contact.fullName`


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """What call sites are looked up by: a function, one argument of it, or a field of a named type; wire names."""

    function: str = ""
    """Path on the wire, `contacts.list`; "" where a type is meant."""
    argument: str = ""
    type: str = ""
    """Name of the type in the *old* contract."""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two contracts, and what it means."""

    rule: str
    """What kind of change it is: `arg_required`, `value_removed`, ...; docs/checking.md has them all."""
    levels: Mapping[Language, Level]
    """For consumers in each language; they differ where a type checker cannot see what the wire can."""
    side: Side
    at: str
    """Where it changed, as authors write it: `contacts.list(stage)`, `Contact.stage`, `table contacts`."""
    says: str
    """One sentence: what breaks, for whom, with the witness in it."""
    fix: str
    """What to do instead, as one sentence; "" for a safe change."""
    functions: tuple[str, ...] = ()
    """Paths of the functions through which clients feel it, sorted."""
    witness: Json | Missing = MISSING
    """A value that the sender may send and the receiver refuses; MISSING if there is none to show."""
    shown_by: str = ""
    """Path of the function that `witness` is an argument object, a result or an error of; "" if it is of a document."""
    old: str = ""
    """The type (or name, or kind) as it was, as text; "" if there was none."""
    new: str = ""
    unsure: bool = False
    """Nothing is known to break, but it could not be proved that nothing does."""
    origin: Origin | None = None
    """Where it is declared now; where it was declared before if it is gone."""
    targets: tuple[Target, ...] = ()
    """By what its call sites are found."""
    call_sites: tuple[CallSite, ...] = field(default=())
    clients: tuple[str, ...] | None = None
    """Released or live clients that it breaks, `mobile@3.2.0`; None if nobody looked."""

    @property
    def level(self) -> Level:
        return max(self.levels.values(), key=lambda level: SEVERITY[level])

    @property
    def breaking(self) -> bool:
        return self.level is not Level.SAFE
