"""The part of Python's own library through which values pass: containers, and functions that give back their items."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from schemagen.codemod.types import (
    AWAITABLE,
    NONE,
    STR,
    TUPLE,
    UNKNOWN,
    Instance,
    Type,
    Union,
    members,
    union,
)

Iterated: TypeAlias = Callable[[Instance], Type]
"""What iterating over a class of the program gives."""

_MAPPINGS: Final = frozenset({"dict", "Mapping", "MutableMapping", "defaultdict", "OrderedDict"})
_ITERABLE: Final = """
list set frozenset tuple deque Iterable Iterator Sequence MutableSequence Collection Set AbstractSet Generator
AsyncIterable AsyncIterator AsyncGenerator KeysView ValuesView enumerate reversed
"""
_ITERABLES: Final = frozenset(_ITERABLE.split())


def item_of(t: Type, iterated: Iterated) -> Type:
    """What a loop over it gives."""
    if isinstance(t, Union):
        return union(item_of(member, iterated) for member in members(t))
    if not isinstance(t, Instance):
        return UNKNOWN
    short = t.name.rpartition(".")[2]
    if t.name == TUPLE:
        return union(t.args)
    if t == STR:
        return STR
    if (short in _ITERABLES or short in _MAPPINGS) and t.name.startswith(("builtins.", "typing.", "collections.")):
        return t.args[0] if t.args else UNKNOWN
    return iterated(t)


def _same_items(kind: str) -> Callable[[list[Type], Iterated], Type]:
    return lambda args, iterated: Instance(kind, (item_of(args[0], iterated),)) if args else Instance(kind, (UNKNOWN,))


def _one_item(args: list[Type], iterated: Iterated) -> Type:
    return union(args) if len(args) > 1 else item_of(args[0], iterated) if args else UNKNOWN


def _next(args: list[Type], iterated: Iterated) -> Type:
    return union((item_of(args[0], iterated), *args[1:])) if args else UNKNOWN


def _enumerated(args: list[Type], iterated: Iterated) -> Type:
    item = item_of(args[0], iterated) if args else UNKNOWN
    return Instance("typing.Iterator", (Instance(TUPLE, (Instance("builtins.int"), item)),))


def _zipped(args: list[Type], iterated: Iterated) -> Type:
    return Instance("typing.Iterator", (Instance(TUPLE, tuple(item_of(arg, iterated) for arg in args)),))


def _filtered(args: list[Type], iterated: Iterated) -> Type:
    return Instance("typing.Iterator", (item_of(args[-1], iterated) if args else UNKNOWN,))


def _grouped(args: list[Type], iterated: Iterated) -> Type:
    items = Instance("typing.Iterator", (item_of(args[0], iterated) if args else UNKNOWN,))
    return Instance("typing.Iterator", (Instance(TUPLE, (UNKNOWN, items)),))


def _gathered(args: list[Type], _: Iterated) -> Type:
    done = [arg.args[-1] if isinstance(arg, Instance) and arg.args else UNKNOWN for arg in args]
    return Instance(AWAITABLE, (Instance(TUPLE, tuple(done)),))


def _itself(args: list[Type], _: Iterated) -> Type:
    return args[0] if args else UNKNOWN


def _second(args: list[Type], _: Iterated) -> Type:
    return args[1] if len(args) > 1 else UNKNOWN


def _unknown(_args: list[Type], _: Iterated) -> Type:
    return UNKNOWN


_ITERATOR: Final = "typing.Iterator"
BUILTIN_CALLS: Final[Mapping[str, Callable[[list[Type], Iterated], Type]]] = {
    **{f"builtins.{name}": _same_items(f"builtins.{name}") for name in ("list", "set", "frozenset", "tuple")},
    "builtins.sorted": _same_items("builtins.list"),
    "builtins.reversed": _same_items(_ITERATOR),
    "builtins.iter": _same_items(_ITERATOR),
    "itertools.islice": _same_items(_ITERATOR),
    "itertools.takewhile": _filtered,
    "itertools.dropwhile": _filtered,
    "itertools.groupby": _grouped,
    "builtins.filter": _filtered,
    "builtins.enumerate": _enumerated,
    "builtins.zip": _zipped,
    "builtins.next": _next,
    "builtins.min": _one_item,
    "builtins.max": _one_item,
    "random.choice": _one_item,
    "asyncio.gather": _gathered,
    "asyncio.create_task": _itself,
    "asyncio.wait_for": _itself,
    "asyncio.shield": _itself,
    "copy.copy": _itself,
    "copy.deepcopy": _itself,
    "dataclasses.replace": _itself,
    "typing.cast": _second,
    "builtins.getattr": _unknown,
    "builtins.map": _unknown,
    "builtins.vars": _unknown,
    "builtins.super": _unknown,
    "builtins.eval": _unknown,
    "builtins.type": _unknown,
    "builtins.sum": _unknown,
    "json.loads": _unknown,
    "json.load": _unknown,
}
"""Functions whose result is made of their arguments; those not listed give a value of their own."""


def _method(result: Callable[[Instance], Type]) -> Callable[[Instance], Type]:
    return lambda owner: Instance("typing.Callable", (result(owner),))


def _key(owner: Instance) -> Type:
    return owner.args[0] if owner.args else UNKNOWN


def _value(owner: Instance) -> Type:
    return owner.args[-1] if owner.args else UNKNOWN


METHODS: Final[Mapping[tuple[str, str], Callable[[Instance], Type]]] = {
    **{(f"builtins.{kind}", "pop"): _method(_value) for kind in ("list", "set", "dict")},
    **{(f"builtins.{kind}", "copy"): _method(lambda owner: owner) for kind in ("list", "set", "dict")},
    **{
        (name, "get"): _method(lambda owner: union((_value(owner), NONE)))
        for name in ("builtins.dict", "collections.abc.Mapping", "typing.Mapping")
    },
    **{
        (name, "values"): _method(lambda owner: Instance("typing.Iterable", (_value(owner),)))
        for name in ("builtins.dict", "collections.abc.Mapping", "typing.Mapping")
    },
    **{
        (name, "items"): _method(
            lambda owner: Instance("typing.Iterable", (Instance(TUPLE, (_key(owner), _value(owner))),))
        )
        for name in ("builtins.dict", "collections.abc.Mapping", "typing.Mapping")
    },
    ("builtins.dict", "setdefault"): _method(_value),
    ("builtins.set", "union"): _method(lambda owner: owner),
}
"""Methods of containers → their type."""
