"""One cause of a change: what was found, in which type or function, and who feels it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from schemagen.check.changes import LANGUAGES, Language, Level, Side, Target
from schemagen.check.pairs import Difference, Finding
from schemagen.check.respelled import Respelled
from schemagen.model.contract import Field, Json, Missing, Origin
from schemagen.model.types import Type


def both(level: Level) -> Mapping[Language, Level]:
    return dict.fromkeys(LANGUAGES, level)


WIRE: Final = both(Level.WIRE)
DATA: Final = both(Level.DATA)
SOURCE: Final = both(Level.SOURCE)
SAFE: Final = both(Level.SAFE)

Said: TypeAlias = Finding | Difference | Respelled
Spot: TypeAlias = tuple[Side, str, bool, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Root:
    """A place where two types meet: the arguments of a function, its result, the fields of an error, a stored field."""

    side: Side
    label: str
    """How its author calls it: `contacts.list`, `QuotaExceeded`, `Contact.stage`."""
    functions: tuple[str, ...] = ()
    origin: Origin | None = None
    before: tuple[Field, ...] = ()
    """What it is made of, where it has no type: arguments of a function, fields of an error."""
    after: tuple[Field, ...] = ()
    declared: tuple[Type, Type] | None = None
    """Its type in the old and in the new contract, where something else is compared in their place."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A named type that a cause is in; both names are "" where it is in the root itself."""

    now: str = ""
    former: str = ""

    def __bool__(self) -> bool:
        return bool(self.now)


@dataclass(slots=True)
class Cause:
    root: Root
    """The first place that led to it."""
    owner: Owner
    steps: tuple[str, ...]
    """From the owner, or from the root, to the place."""
    said: Said
    is_forward: bool
    """Whether deployed clients or stored documents feel it; else only new ones could, which is no break."""
    witness: Json | Missing
    shown_by: str
    """The function whose arguments, result or error the witness is; "" if it is a document's."""
    functions: set[str] = field(default_factory=set)
    targets: set[Target] = field(default_factory=set)
    tried: int = 1
    """So many places were asked for a witness; the smallest is kept."""

    @property
    def is_break(self) -> bool:
        return self.is_forward and isinstance(self.said, Finding)

    @property
    def spot(self) -> Spot:
        """Two causes at one spot are about the same part of the same thing."""
        return (self.root.side, self.owner.now or self.root.label, bool(self.owner), self.steps)
