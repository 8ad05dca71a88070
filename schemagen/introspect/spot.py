"""`Spot`: where an annotation stands, for messages and for what its names mean."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace

from schemagen.introspect.diagnostics import Place
from schemagen.introspect.source import literals_in, names_in
from schemagen.model.types import Scalar


@dataclass(frozen=True, slots=True)
class Spot:
    what: str
    """`argument "stage" of contacts.list`: how a message speaks of it."""
    place: Place | None
    scope: Mapping[str, object]
    """The names an annotation in quotes may use: the globals of its module."""
    mentioned: frozenset[str] | None = None
    """Names in the annotation as it is written; None if its source is not known."""
    literals: frozenset[tuple[object, ...]] = frozenset()
    """The values of literals in the annotation as it is written."""
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
        literals = self.literals.union(*map(literals_in, annotations)) if "Literal" in names else self.literals
        return replace(self, mentioned=names | (self.mentioned or frozenset()), literals=literals)

    def reaching(self, outside: Spot | None) -> Spot:
        """The same spot, in a generic type whose arguments were written `outside`."""
        if outside is None:
            return self
        if outside.mentioned is None or self.mentioned is None:
            return replace(self, mentioned=None)
        literals = self.literals | outside.literals
        return replace(self, mentioned=self.mentioned | outside.mentioned, literals=literals)

    def in_order(self, values: tuple[Scalar, ...]) -> tuple[Scalar, ...]:
        """The values of a literal in the order in which they are written."""
        typed = {(type(value), value) for value in values}
        for written in sorted(self.literals, key=repr):
            once = dict.fromkeys((type(value), value) for value in written)
            if once.keys() == typed:
                return tuple(value for _, value in once)  # type: ignore[misc]
        return values

    def __str__(self) -> str:
        return " → ".join((self.what, *self.steps))
