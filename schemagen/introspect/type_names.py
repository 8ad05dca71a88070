"""Names for instances of generic types: arguments, then origin. `Page[Contact]` → `ContactPage`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import assert_never

from schemagen.model.naming import pascal_case
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
    SetType,
    StringType,
    TimedeltaType,
    TimeType,
    TupleType,
    Type,
    UnionType,
    UuidType,
    nullable,
)


def type_name(t: Type, documents: Mapping[str, str]) -> str:
    """What a type is called inside the name of a generic instance. `documents` has the class of each table."""
    match t:
        case RefType(name=name):
            return name
        case IdType(table=table):
            return f"{documents.get(table, pascal_case(table))}Id"
        case ArrayType(item=item):
            return f"{type_name(item, documents)}List"
        case SetType(item=item):
            return f"{type_name(item, documents)}Set"
        case TupleType(items=items):
            return "".join(type_name(item, documents) for item in items) + "Tuple"
        case MapType(key=key, value=value):
            return f"{type_name(key, documents)}{type_name(value, documents)}Dict"
        case UnionType(members=members):
            inner = nullable(t)
            if inner is not None:
                return f"Optional{type_name(inner, documents)}"
            return "Or".join(type_name(member, documents) for member in members)
        case LiteralType(values=values):
            return "".join(pascal_case(re.sub(r"\W+", "_", str(value))) for value in values)
        case _:
            return _plain_name(t)


def _plain_name(
    t: NullType | BoolType | IntType | Int64Type | FloatType | StringType | BytesType | DecimalType | UuidType
    | DateTimeType | DateType | TimeType | TimedeltaType | JsonType | AnyType,
) -> str:  # fmt: skip
    match t:
        case StringType():
            return "Str"
        case DateTimeType():
            return "Datetime"
        case NullType():
            return "None"
        case (
            BoolType() | IntType() | Int64Type() | FloatType() | BytesType() | DecimalType() | UuidType() | DateType()
            | TimeType() | TimedeltaType() | JsonType() | AnyType()
        ):  # fmt: skip
            return type(t).__name__.removesuffix("Type")
        case _:
            assert_never(t)
