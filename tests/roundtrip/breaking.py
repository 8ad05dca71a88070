"""Values with one mistake in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from schemagen.model import types as t
from schemagen.model.contract import EnumType, Json, ObjectType
from schemagen.model.types import Type
from schemagen.wire.kinds import kinds, structure
from tests.roundtrip.wires import Wires

Put: TypeAlias = Callable[[Any], Any]
"""The whole value, with something else at one place."""

OTHERS: dict[str, Json] = {"null": None, "boolean": True, "number": 1.5, "string": "x y", "array": [], "object": {}}


@dataclass(frozen=True)
class Mistake:
    what: str
    wire: Any
    """The whole value, broken at one place."""


def mistakes(wire: Any, found: Type, wires: Wires) -> list[Mistake]:
    """Every way known here to break a value at one place. Some are none: a union may take what a member refuses."""
    return list(_inside(wire, found, wires, lambda broken: broken))


def _inside(wire: Any, found: Type, wires: Wires, put: Put) -> Iterator[Mistake]:
    here = structure(found, wires.named)
    accepted = kinds(found, wires.named)
    for kind, other in OTHERS.items():
        if kind not in accepted:
            yield Mistake(f"{kind} for {type(here).__name__}", put(other))
    yield from (Mistake(what, put(broken)) for what, broken in _own(wire, here))
    match here:
        case ObjectType(fields=fields):
            for field in fields:
                if field.wire_name in wire:
                    place = _at_key(put, wire, field.wire_name)
                    yield from _inside(wire[field.wire_name], field.type, wires, place)
        case t.ArrayType(item=item) | t.SetType(item=item):
            for index, each in enumerate(wire):
                yield from _inside(each, item, wires, _at_index(put, wire, index))
        case t.TupleType(items=items):
            for index, (each, item) in enumerate(zip(wire, items, strict=True)):
                yield from _inside(each, item, wires, _at_index(put, wire, index))
        case t.MapType(value=value):
            for key, each in wire.items():
                yield from _inside(each, value, wires, _at_key(put, wire, key))
        case t.UnionType():
            yield from _inside(wire, wires.member(wire, here), wires, put)
        case _:
            return


def _own(wire: Any, here: object) -> Iterator[tuple[str, Any]]:
    """Values of the right JSON kind that are wrong all the same."""
    match here:
        case ObjectType(fields=fields):
            yield "an unknown field", {**wire, "surprise!": 1}
            for field in fields:
                if field.required:
                    yield "a required field left out", {k: v for k, v in wire.items() if k != field.wire_name}
        case t.IntType():
            yield "an integer out of range", 2**53
            yield "a negative integer out of range", -(2**53)
            yield "beyond a bound", -1
            yield "no multiple", 7
        case t.Int64Type():
            yield "an Int64 out of range", "9223372036854775808"
            yield "a number with leading zeros", "007"
            yield "beyond a bound", "0"
        case t.FloatType(non_finite=True):
            yield "a name in lower case", "nan"
        case t.FloatType():
            yield "a name of no finite number", "Infinity"
            yield "beyond a bound", 1e9
        case t.StringType():
            yield "NUL", "a\0b"
            yield "too long", "long enough"
            yield "too short", ""
        case t.BytesType():
            yield "base64 of URLs", "_-8="
            yield "too many bytes", "AAECAwQFBgc="
        case t.DecimalType():
            yield "no finite decimal", "NaN"
            yield "beyond a bound", "-0.01"
            yield "too many places", "0.001"
        case t.UuidType():
            yield "upper case", "ABCDEF78-1234-5678-1234-567812345678"
        case t.DateTimeType():
            yield "a naive datetime", "2026-01-02T03:04:05"
        case t.DateType():
            yield "no such day", "2026-02-30"
        case t.TimeType():
            yield "no such time", "25:00:00"
        case t.TimedeltaType():
            yield "a duration in words", "1 day"
        case t.IdType():
            yield "an id of another table", "companies_01h455vb4pex5vsknk084sn02q"
        case t.LiteralType(open=False) | EnumType(open=False):
            yield "an unknown value", "no such value"
            yield "an unknown value", 77
        case t.SetType() if wire:
            yield "an item twice", [*wire, wire[0]]
        case t.TupleType():
            yield "a tuple too short", wire[:-1]
            yield "a tuple too long", [*wire, None]
        case t.ArrayType(max_length=int() as most):
            yield "a list too long", (wire * (most + 1))[: most + 1]
            yield "a list too short", []
        case t.MapType(key=key) if not isinstance(key, t.StringType):
            for value in wire.values():
                yield "a wrong key", {**wire, "no key": value}
                break
        case _:
            return


def _at_key(put: Put, wire: dict[str, Any], key: str) -> Put:
    return lambda broken: put({**wire, key: broken})


def _at_index(put: Put, wire: list[Any], index: int) -> Put:
    return lambda broken: put([*wire[:index], broken, *wire[index + 1 :]])
