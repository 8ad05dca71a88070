"""The graph that two contracts make: pairs of types, what is wrong in each, and the pairs inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from schemagen.model.canonical import type_text
from schemagen.model.contract import MISSING, Field, Json, Missing
from schemagen.model.types import Scalar, Type

Wrap: TypeAlias = Callable[[Json], "Json | Missing"]
"""A value of a part → a value of the whole that holds it; MISSING if none could be made."""


class Reason(StrEnum):
    """Why a value is refused."""

    VALUE = "value"  # a literal or a member of an enum that is not listed
    NULL = "null"
    KIND = "kind"  # another kind of value altogether
    CONSTRAINT = "constraint"  # a bound, length or pattern
    TABLE = "table"  # an id of another table
    VARIANT = "variant"  # a member of a tagged union
    UNKNOWN_FIELD = "unknown_field"  # sent, and refused as unknown
    MISSING_FIELD = "missing_field"  # never sent, and demanded
    OPTIONAL_FIELD = "optional_field"  # may be left out, and is demanded


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong in a pair of types."""

    reason: Reason
    steps: tuple[str, ...]
    """From the pair to the place: `.stage`, `[]`, `[0]`, `{key}`, `{}`."""
    witness: Json | Missing
    """A value of the pair's whole sent type that is refused."""
    sent: Type | None
    """The type at the place, on both sides; None where there is no such field."""
    accepted: Type | None
    value: Json | Missing = MISSING
    """The refused value at the place itself."""
    values: tuple[Scalar, ...] = ()
    """All refused values, where they can be listed."""
    unsure: bool = False
    """It could not be proved that every value fits, nor shown that one does not."""
    unseen_by_typescript: bool = False
    """TypeScript has one `number` for integers and floats, and only strings as keys: its values stay what they were."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Every value fits, but the two types are of different classes: a type checker may see what the wire does not."""

    steps: tuple[str, ...]
    sent: Type
    accepted: Type


@dataclass(frozen=True, slots=True)
class Pair:
    """A sent type and the one it has to fit; records may be meant as members of tagged unions."""

    sent: Type
    accepted: Type
    sent_tag: str | None = None
    """The field by which the union told the record apart that it is sent as a member of."""
    tag: str | None = None
    """The field by which the union tells its members apart that accepts it."""
    values: tuple[Scalar, ...] = ()
    """The values of `tag` that lead to the accepted member."""
    key: str = field(init=False, compare=False)
    """Equal keys are equal pairs."""

    def __post_init__(self) -> None:
        sent_as = "" if self.sent_tag is None else f" as {self.sent_tag}"
        accepted_as = "" if self.tag is None else f" as {self.tag} {self.values}"
        key = f"{type_text(self.sent)}{sent_as} → {type_text(self.accepted)}{accepted_as}"
        object.__setattr__(self, "key", key)


@dataclass(frozen=True, slots=True)
class Edge:
    steps: tuple[str, ...]
    wrap: Wrap
    pair: Pair


@dataclass(slots=True)
class Node:
    """What is wrong in a pair of types, and which pairs are inside."""

    pair: Pair | None
    """None where two records without a name are compared: arguments, or the fields of an error."""
    fields: tuple[tuple[Field, ...], tuple[Field, ...]] = ((), ())
    """Theirs, where they have no name."""
    findings: list[Finding] = field(default_factory=list)
    edges: dict[tuple[tuple[str, ...], str], Edge] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reached:
    """A node below a root, and how a value of it stands in a value of the root."""

    node: Node
    wrap: Wrap
    entry: str
    """The step into the root's field that leads there, `.stage`; "" for the root itself, and below named types."""
    path: tuple[str, ...] = ()
    """The steps from the root to the node, on a shortest way."""


@dataclass(frozen=True, slots=True)
class At:
    """Where in a node we are, and how a value at this place stands in a value of the whole."""

    node: Node
    wrap: Wrap
    steps: tuple[str, ...] = ()
    in_key: bool = False

    def below(self, step: str, wrap: Wrap, *, in_key: bool = False) -> At:
        return At(self.node, joined(self.wrap, wrap), (*self.steps, step), self.in_key or in_key)


def itself(value: Json) -> Json:
    return value


def through(wrap: Wrap, value: Json | Missing) -> Json | Missing:
    return value if isinstance(value, Missing) else wrap(value)


def joined(outer: Wrap, inner: Wrap) -> Wrap:
    """First `inner`, then `outer`."""
    if outer is itself:
        return inner
    return outer if inner is itself else Joined(outer, inner)


@dataclass(frozen=True, slots=True)
class Joined:
    """Two wraps, one inside the other; a chain of a thousand is gone through without recursion."""

    outer: Wrap
    inner: Wrap

    def __call__(self, value: Json) -> Json | Missing:
        found: Json | Missing = value
        todo: list[Wrap] = [self]
        while todo:
            wrap = todo.pop()
            if isinstance(wrap, Joined):
                todo += (wrap.outer, wrap.inner)
            elif not isinstance(found, Missing):
                found = wrap(found)
        return found
