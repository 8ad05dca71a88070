"""A named type seen from both sides: as clients send it, and as they receive it. Most look the same from both."""

from __future__ import annotations

from enum import Enum
from functools import cached_property

from schemagen.model.contract import (
    AliasType,
    Contract,
    EnumType,
    Field,
    NamedType,
    ObjectType,
    reachable,
    types_inside,
)
from schemagen.model.types import RefType, Type, children


class View(Enum):
    INPUT = "input"
    OUTPUT = "output"


class Views:
    """Which views of the types of a (public) contract are used, and which types differ between them."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    @cached_property
    def sent(self) -> frozenset[str]:
        """Names of the types that stand in arguments."""
        return reachable(self.contract, tuple(arg.type for f in self.contract.functions for arg in f.args))

    @cached_property
    def received(self) -> frozenset[str]:
        """Names of the types that stand in results and errors."""
        errors = (field.type for error in self.contract.errors for field in error.fields)
        return reachable(self.contract, (*(f.returns for f in self.contract.functions), *errors))

    @cached_property
    def differing(self) -> frozenset[str]:
        """Names of the types that look different as input: themselves, or something inside them."""
        users: dict[str, list[str]] = {}
        for t in self.contract.types:
            for name in refs(types_inside(t)):
                users.setdefault(name, []).append(t.name)
        found: set[str] = set()
        todo = [t.name for t in self.contract.types if _differs(t)]
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo += users.get(name, [])
        return frozenset(found)

    def of(self, name: str) -> tuple[View, ...]:
        """The views a type is emitted in; one where both look the same."""
        if name not in self.sent:
            return (View.OUTPUT,)
        if name not in self.received:
            return (View.INPUT,)
        return (View.OUTPUT, View.INPUT) if name in self.differing else (View.OUTPUT,)


def fields(t: ObjectType, view: View) -> tuple[Field, ...]:
    """A document's `id` and creation time are given by the server: they are no part of what is sent."""
    return t.fields[2:] if t.table is not None and view is View.INPUT else t.fields


def refs(types: tuple[Type, ...]) -> set[str]:
    """Names of the types mentioned directly."""
    found: set[str] = set()
    todo = list(types)
    while todo:
        t = todo.pop()
        if isinstance(t, RefType):
            found.add(t.name)
        todo += children(t)
    return found


def _differs(t: NamedType) -> bool:
    match t:
        case ObjectType():
            return t.table is not None or not all(field.required for field in t.fields)
        case EnumType() | AliasType():
            return False
