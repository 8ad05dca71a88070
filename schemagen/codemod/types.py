"""What is known of the value of an expression: just enough to say whose attribute `x.full_name` is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

if TYPE_CHECKING:
    from schemagen.codemod.program import Function


@dataclass(frozen=True, slots=True)
class Unknown:
    """Anything: what reads an attribute of it may mean what is renamed, or not."""

    pending: bool = False
    """It depends on itself, as `x = step(x)` does: whatever else is known of it decides."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A value of a class: `backend.schema.Contact`, `builtins.list` with its arguments, `datetime.date`.

    Classes that nobody can look into are none of ours: no attribute of them is what is renamed.
    """

    name: str
    args: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassOf:
    """The class itself, `type[Contact]`."""

    instance: Type


@dataclass(frozen=True, slots=True)
class FunctionValue:
    """A function that is declared in source, or a method bound to a value."""

    function: Function
    solved: tuple[tuple[str, Type], ...] = ()
    bound: bool = False
    """Its first parameter is given."""
    mode: str = ""
    """How an SDK calls it: `Sync`, `Async`, `Watch`, `AsyncWatch`; "" for an ordinary function."""


@dataclass(frozen=True, slots=True)
class Module:
    name: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A type variable, by its full name."""

    name: str
    bound: Type


@dataclass(frozen=True, slots=True)
class Union:
    members: tuple[Type, ...]


Type: TypeAlias = Unknown | Instance | ClassOf | FunctionValue | Module | Variable | Union

UNKNOWN: Final = Unknown()
PENDING: Final = Unknown(pending=True)
NONE: Final = Instance("None")
OBJECT: Final = Instance("builtins.object")
STR: Final = Instance("builtins.str")
TUPLE: Final = "(tuple)"
"""The name of a tuple whose items are known one by one."""
AWAITABLE: Final = "typing.Awaitable"
SELF: Final = Variable("(self)", UNKNOWN)


def list_of(item: Type) -> Instance:
    return Instance("builtins.list", (item,))


def union(members: Iterable[Type]) -> Type:
    """The members without repetition; the only one if there is one; UNKNOWN if there is none."""
    flat: dict[Type, None] = {}
    for member in members:
        flat |= dict.fromkeys(member.members if isinstance(member, Union) else (member,))
    if len(flat) > 1:
        flat.pop(PENDING, None)
    if not flat:
        return UNKNOWN
    return next(iter(flat)) if len(flat) == 1 else Union(tuple(flat))


def members(t: Type) -> tuple[Type, ...]:
    """The members of a union, any other type alone; without None, which has no attributes."""
    found = t.members if isinstance(t, Union) else (t,)
    return tuple(member for member in found if member != NONE)


def substituted(t: Type, solved: Mapping[str, Type]) -> Type:
    """With type variables replaced by what is known of them."""
    match t:
        case Variable(name):
            return solved.get(name, t)
        case Instance(name, args):
            return Instance(name, tuple(substituted(arg, solved) for arg in args)) if args else t
        case ClassOf(inner):
            return ClassOf(substituted(inner, solved))
        case Union(inside):
            return union(substituted(member, solved) for member in inside)
        case FunctionValue(function, before, bound, mode):
            return FunctionValue(function, (*before, *solved.items()), bound, mode)
        case Unknown() | Module():
            return t
        case _:
            assert_never(t)


def variables_in(t: Type) -> Iterator[Variable]:
    match t:
        case Variable():
            yield t
        case Instance(_, args):
            for arg in args:
                yield from variables_in(arg)
        case ClassOf(inner):
            yield from variables_in(inner)
        case Union(inside):
            for member in inside:
                yield from variables_in(member)
        case Unknown() | Module() | FunctionValue():
            return
        case _:
            assert_never(t)
