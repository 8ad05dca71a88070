"""`Spot`: where an annotation stands, for messages and for what its names mean."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace

from schemagen.introspect.diagnostics import Place
from schemagen.introspect.source import names_in


@dataclass(frozen=True, slots=True)
class Spot:
    what: str
    """`argument "stage" of contacts.list`: how a message speaks of it."""
    place: Place | None
    scope: Mapping[str, object]
    """The names an annotation in quotes may use: the globals of its module."""
    mentioned: frozenset[str] | None = None
    """Names in the annotation as it is written; None if its source is not known."""
    steps: tuple[str, ...] = ()
    """The way from the whole annotation to the part that is looked at: `list item`, `dict value`."""
    defines: str | None = None
    """The alias whose value this is; as a whole it is not to be replaced by its own name."""

    def may_be(self, alias: str) -> bool:
        return self.defines != alias or bool(self.steps)

    def into(self, step: str) -> Spot:
        return replace(self, steps=(*self.steps, step))

    def mentioning(self, *annotations: ast.expr | None) -> Spot:
        """The same spot, where more names were written."""
        names = frozenset[str]().union(*map(names_in, annotations))
        return replace(self, mentioned=names if self.mentioned is None else self.mentioned | names)

    def __str__(self) -> str:
        return " → ".join((self.what, *self.steps))
