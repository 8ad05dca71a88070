"""A type taken apart by JSON kind: a union has at most one part of each, for its receiver tells them apart by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

from schemagen.check.forms import ScalarType
from schemagen.check.scalars import of_kind
from schemagen.check.views import Position, as_received
from schemagen.model.contract import EnumType, NamedType, ObjectType
from schemagen.model.types import (
    AnyType,
    ArrayType,
    BoolType,
    FloatType,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    SetType,
    StringType,
    TupleType,
    Type,
    UnionType,
)
from schemagen.wire.kinds import Structure, kinds, structure

KINDS: Final = ("null", "boolean", "number", "string", "array", "object")

ArrayLike: TypeAlias = ArrayType | SetType | TupleType


@dataclass(frozen=True, slots=True)
class Null:
    pass


@dataclass(frozen=True, slots=True)
class Scalars:
    """`type` is what is left of `whole` for this JSON kind; `whole` is as the contract spells it."""

    type: ScalarType
    whole: Type


@dataclass(frozen=True, slots=True)
class Arrays:
    type: ArrayLike
    whole: Type


@dataclass(frozen=True, slots=True)
class Maps:
    type: MapType
    whole: Type


@dataclass(frozen=True, slots=True)
class Objects:
    """One record, or several with a tag. Each is a name of the contract."""

    members: tuple[tuple[Type, ObjectType], ...]
    tag: str | None


@dataclass(frozen=True, slots=True)
class Anything:
    """Every value of the kind: part of `JsonValue` or `Any`."""

    whole: Type


Part: TypeAlias = Null | Scalars | Arrays | Maps | Objects | Anything


def parts(t: Type, named: Mapping[str, NamedType], position: Position | None = None) -> dict[str, Part]:
    """What `t` has of each JSON kind; with a position, as its receiver checks it there."""
    found = structure(t, named)
    if not isinstance(found, UnionType):
        return _parts_of_member(t, found, named, position)
    out: dict[str, Part] = {}
    objects: list[tuple[Type, ObjectType]] = []
    for member in found.members:
        inner = structure(member, named)
        if isinstance(inner, UnionType):  # an alias, beside null
            out |= parts(member, named, position)
        elif isinstance(inner, ObjectType):
            objects.append((member, inner))
        else:
            out |= _parts_of_member(member, inner, named, position)
    if objects:
        out["object"] = Objects(tuple(objects), found.tag if len(objects) > 1 else None)
    return out


def _parts_of_member(
    member: Type, inner: Structure, named: Mapping[str, NamedType], position: Position | None
) -> dict[str, Part]:
    if isinstance(inner, ObjectType):
        return {"object": Objects(((member, inner),), None)}
    seen = inner if position is None else as_received(inner, position)
    of = kinds(member, named)
    return {kind: _part(member, seen, kind) for kind in KINDS if kind in of}


def _part(member: Type, inner: Structure, kind: str) -> Part:
    match inner:
        case NullType():
            return Null()
        case JsonType() | AnyType():
            return Null() if kind == "null" else Anything(member)
        case ArrayType() | SetType() | TupleType():
            return Arrays(inner, member)
        case MapType():
            return Maps(inner, member)
        case LiteralType() | EnumType() if kind == "null":
            return Null()
        case _:
            return Scalars(of_kind(cast("ScalarType | EnumType", inner), kind), member)


def opened(part: Anything, kind: str) -> Part:
    """`JsonValue` of one kind, as the type it is."""
    item = part.whole
    match kind:
        case "boolean":
            return Scalars(BoolType(), item)
        case "number":
            return Scalars(FloatType(), item)
        case "string":
            return Scalars(StringType(), item)
        case "array":
            return Arrays(ArrayType(item), item)
        case _:
            return Maps(MapType(StringType(), item), item)
