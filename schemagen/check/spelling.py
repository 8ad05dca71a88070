"""Types as their author would write them: `Literal["lead", "won"] | None`, `str (at most 20 characters)`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, assert_never

from schemagen.model.contract import AliasType, EnumType, NamedType, ObjectType
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

_PLAIN: Final[dict[type, str]] = {
    NullType: "None",
    BoolType: "bool",
    IntType: "int",
    Int64Type: "Int64",
    FloatType: "float",
    StringType: "str",
    BytesType: "bytes",
    DecimalType: "Decimal",
    UuidType: "UUID",
    DateTimeType: "datetime",
    DateType: "date",
    TimeType: "time",
    TimedeltaType: "timedelta",
    JsonType: "JsonValue",
    AnyType: "Any",
}
_BOUNDS: Final = (
    "ge",
    "gt",
    "le",
    "lt",
    "multiple_of",
    "min_length",
    "max_length",
    "pattern",
    "max_digits",
    "decimal_places",
)


def spelled(t: Type, inside: Mapping[str, NamedType] | None = None) -> str:
    """A type on one line, constraints in parentheses: `int (ge=0)`.

    With `inside`, names give way to what they stand for, once: `Literal["lead", "won"]` for `Stage`.
    """
    match t:
        case RefType(name=name):
            return name if inside is None else _inside(inside[name])
        case IdType(table=table):
            return f'Id["{table}"]'
        case LiteralType(values=values, open=is_open):
            literal = f"Literal[{', '.join(map(spelled_value, values))}]"
            return f"Open[{literal}]" if is_open else literal
        case UnionType(members=members):
            return " | ".join(spelled(member, inside) for member in members)
        case TupleType(items=items):
            return f"tuple[{', '.join(spelled(item, inside) for item in items) or '()'}]"
        case ArrayType(item=item):
            return _constrained(f"list[{spelled(item, inside)}]", t)
        case SetType(item=item):
            return _constrained(f"set[{spelled(item, inside)}]", t)
        case MapType(key=key, value=value):
            return _constrained(f"dict[{spelled(key, inside)}, {spelled(value, inside)}]", t)
        case (
            NullType() | BoolType() | IntType() | Int64Type() | FloatType() | StringType() | BytesType() | DecimalType()
            | UuidType() | DateTimeType() | DateType() | TimeType() | TimedeltaType() | JsonType() | AnyType()
        ):  # fmt: skip
            return _constrained(_PLAIN[type(t)], t)
        case _:
            assert_never(t)


def spelled_apart(
    one: Type | None, named: Mapping[str, NamedType], other: Type | None, others: Mapping[str, NamedType]
) -> tuple[str, str]:
    """Two types that are not the same: by their names if these tell them apart, else by what they stand for."""
    texts = spelled_or_nothing(one), spelled_or_nothing(other)
    if texts[0] != texts[1] or one is None or other is None:
        return texts
    return spelled(one, named), spelled(other, others)


def spelled_or_nothing(t: Type | None) -> str:
    return "" if t is None else spelled(t)


def _inside(t: NamedType) -> str:
    match t:
        case AliasType(type=inner):
            return spelled(inner)
        case EnumType(members=members, open=is_open):
            values = f"Enum[{', '.join(spelled_value(member.value) for member in members)}]"
            return f"Open[{values}]" if is_open else values
        case ObjectType(name=name, fields=fields):
            return f"{name}({', '.join(f'{field.name}: {spelled(field.type)}' for field in fields)})"


def spelled_value(value: Scalar) -> str:
    """A literal value as Python has it: `"lead"`, `1`, `True`, `None`."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _constrained(name: str, t: Type) -> str:
    found = [
        f"{bound}={json.dumps(value, ensure_ascii=False)}"
        for bound in _BOUNDS
        if (value := getattr(t, bound, None)) is not None
    ]
    if isinstance(t, FloatType) and t.non_finite:
        found.append("NaN and infinities")
    return f"{name} ({', '.join(found)})" if found else name
