"""What tells the members of a union apart: the JSON kinds a type can have, and the tags of objects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeAlias, assert_never

from schemagen.model.contract import AliasType, EnumType, Field, NamedType, ObjectType
from schemagen.model.types import (
    AnyType,
    ArrayType,
    BoolType,
    BytesType,
    DateTimeType,
    DateType,
    DecimalType,
    FloatType,
    IdType,
    Int64Type,
    IntType,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    RefType,
    Scalar,
    SetType,
    StringType,
    TimedeltaType,
    TimeType,
    TupleType,
    Type,
    UnionType,
    UuidType,
)

Named: TypeAlias = Mapping[str, NamedType]
"""The named types of a contract, by name."""
FormerTables: TypeAlias = Mapping[str, tuple[str, ...]]
"""The names that renamed tables had, by the ones they have."""

Structure: TypeAlias = (
    NullType
    | BoolType
    | IntType
    | Int64Type
    | FloatType
    | StringType
    | BytesType
    | DecimalType
    | UuidType
    | DateTimeType
    | DateType
    | TimeType
    | TimedeltaType
    | IdType
    | LiteralType
    | ArrayType
    | SetType
    | TupleType
    | MapType
    | UnionType
    | JsonType
    | AnyType
    | ObjectType
    | EnumType
)
"""A type whose names have been followed to what they stand for."""

_SHOWN_MAX = 40

ANY_KIND = frozenset({"null", "boolean", "number", "string", "array", "object"})


def structure(t: Type, named: Named) -> Structure:
    """What `t` is once references and aliases are followed."""
    while isinstance(t, RefType):
        found = named[t.name]
        if not isinstance(found, AliasType):
            return found
        t = found.type
    return t


def flat_members(t: UnionType, named: Named) -> tuple[Type, ...]:
    """The members, and those of unions among them; references to objects, enums and the rest stay references."""
    out: list[Type] = []
    for member in t.members:
        inner = structure(member, named)
        out += flat_members(inner, named) if isinstance(inner, UnionType) else [member]
    return tuple(out)


def kind_of(value: object) -> str:
    """The JSON kind of a JSON value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def kinds(t: Type, named: Named) -> frozenset[str]:
    """The JSON kinds a value of `t` can have."""
    found = structure(t, named)
    match found:
        case NullType():
            return frozenset({"null"})
        case BoolType():
            return frozenset({"boolean"})
        case IntType():
            return frozenset({"number"})
        case FloatType():
            return frozenset({"number", "string"}) if found.non_finite else frozenset({"number"})
        case (
            StringType() | BytesType() | DecimalType() | UuidType() | DateTimeType() | DateType() | TimeType()
            | TimedeltaType() | IdType() | Int64Type()
        ):  # fmt: skip
            return frozenset({"string"})
        case LiteralType(values=values):
            return frozenset(kind_of(value) for value in values)
        case EnumType(members=members):
            return frozenset(kind_of(member.value) for member in members)
        case ArrayType() | SetType() | TupleType():
            return frozenset({"array"})
        case MapType() | ObjectType():
            return frozenset({"object"})
        case UnionType(members=members):
            return frozenset().union(*(kinds(member, named) for member in members))
        case JsonType() | AnyType():
            return ANY_KIND
        case _:
            assert_never(found)


def vagueness(t: Type, named: Named) -> int:
    """How many values of its JSON kind a type takes for its own; members that take fewer are asked first."""
    match structure(t, named):
        case LiteralType(open=False) | EnumType(open=False) | IntType() | FloatType(non_finite=True):
            return 0
        case JsonType() | AnyType():
            return 4
        case StringType() | LiteralType() | EnumType():
            return 3
        case BytesType():
            return 2
        case _:
            return 1


def tag_field(t: ObjectType, tag: str) -> Field:
    """The field of an object that tells it apart in a tagged union."""
    return next(field for field in t.fields if field.wire_name == tag)


def tag_values(field: Field, named: Named) -> tuple[Scalar, ...]:
    """The values of a tag field that belong to its object."""
    match structure(field.type, named):
        case LiteralType(values=values):
            return values
        case EnumType(members=members):
            return tuple(member.value for member in members)
        case _:
            raise AssertionError(f"the tag {field.name} is no literal: introspection lets no such union through")


def described(value: object) -> str:
    """A value as a mistake shows it: its JSON kind, and its text if that is short."""
    kind = kind_of(value)
    if isinstance(value, str | int | float):
        text = json.dumps(value)
        if len(text) <= _SHOWN_MAX:
            return f"{kind} {text}"
    return kind
