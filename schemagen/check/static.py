"""What a type checker sees of a change that the wire does not: whether rebuilding a consumer fails to compile."""

from __future__ import annotations

from schemagen.check.changes import Language, Level
from schemagen.model.contract import EnumType, ObjectType
from schemagen.model.types import (
    AnyType,
    ArrayType,
    BoolType,
    FloatType,
    IdType,
    IntType,
    JsonType,
    LiteralType,
    MapType,
    SetType,
    StringType,
    TupleType,
)
from schemagen.wire.kinds import Structure


def source_levels(held: Structure, wanted: Structure) -> dict[Language, Level]:
    """Whether a value whose static type is `held` may stand where `wanted` is written; all its values do fit."""
    return {
        "python": Level.SAFE if _fits_in_python(_python_class(held), _python_class(wanted)) else Level.SOURCE,
        "typescript": Level.SAFE
        if _fits_in_typescript(_typescript_class(held), _typescript_class(wanted))
        else Level.SOURCE,
    }


def _fits_in_python(held: str, wanted: str) -> bool:
    return held == wanted or (held, wanted) in {("int", "float"), ("bool", "int"), ("bool", "float")}


def _python_class(t: Structure) -> str:
    match t:
        case LiteralType(values=values):
            return "/".join(sorted({type(value).__name__ for value in values}))
        case EnumType():
            return "enum"
        case BoolType():
            return "bool"
        case StringType() | IdType():
            return "str"
        case IntType():
            return "int"
        case FloatType():
            return "float"
        case ObjectType():
            return "record"
        case AnyType() | JsonType():
            return "Any"
        case _:
            return type(t).__name__


def _fits_in_typescript(held: str, wanted: str) -> bool:
    """A branded string is a string; a string is no branded one. Everything is `unknown`, which is nothing else."""
    return held == wanted or wanted == "unknown" or (wanted == "string" and held.startswith("branded "))


def _typescript_class(t: Structure) -> str:
    match t:
        case LiteralType(values=values):
            return _typescript_kind([type(value) for value in values])
        case EnumType(members=members):
            return _typescript_kind([type(member.value) for member in members])
        case StringType():
            return "string"
        case IntType() | FloatType():
            return "number"
        case IdType(table=table):
            return f"branded id of {table}"
        case ArrayType() | SetType() | TupleType():
            return "array"
        case MapType() | ObjectType():
            return type(t).__name__
        case AnyType():
            return "unknown"
        case JsonType():
            return "JsonValue"
        case _:
            name = type(t).__name__
            return name if name in {"BytesType", "Int64Type", "BoolType", "NullType"} else f"branded {name}"


def _typescript_kind(classes: list[type]) -> str:
    names = {bool: "BoolType", int: "number", str: "string", type(None): "NullType"}
    return "/".join(sorted({names[each] for each in classes}))
