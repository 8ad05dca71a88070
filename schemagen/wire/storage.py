"""In what kind of SQL column a field's values are kept: a fact of its type alone, told to the store and the checker."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from schemagen.model.contract import EnumType, ObjectType
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
    Scalar,
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
from schemagen.wire.kinds import Named, structure


class Storage(StrEnum):
    """A column's SQL type, and what its values mean; a change of storage is a change of every row."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"  # INTEGER 0 or 1
    BLOB = "blob"
    DATETIME = "datetime"  # TEXT, UTC, always six decimals: sorts by time
    DATE = "date"  # TEXT
    TIME = "time"  # TEXT, always six decimals
    TIMEDELTA = "timedelta"  # INTEGER microseconds
    UUID = "uuid"  # TEXT
    DECIMAL = "decimal"  # TEXT, exact; does not sort by value
    JSON = "json"  # TEXT

    @property
    def sql_type(self) -> str:
        match self:
            case Storage.INTEGER | Storage.BOOLEAN | Storage.TIMEDELTA:
                return "INTEGER"
            case Storage.REAL:
                return "REAL"
            case Storage.BLOB:
                return "BLOB"
            case _:
                return "TEXT"

    @property
    def sortable(self) -> bool:
        """Whether the order of stored values is the order of the values."""
        return self not in (Storage.DECIMAL, Storage.JSON)


def storage_of(t: Type, named: Named) -> tuple[Type, Storage, bool]:
    """What `t` is when it is not null, how that is stored, and whether it can be null."""
    inner, can_be_null = _without_null(t, named)
    return inner, _storage(inner, named), can_be_null


def _without_null(t: Type, named: Named) -> tuple[Type, bool]:
    """What a type is when it is not null, and whether it can be null."""
    found = structure(t, named)
    if isinstance(found, UnionType):
        rest = nullable(found)
        if rest is not None:
            return _without_null(rest, named)[0], True
        return t, any(_without_null(member, named)[1] for member in found.members)
    if isinstance(found, LiteralType) and None in found.values and found.values != (None,):
        return LiteralType(tuple(value for value in found.values if value is not None), found.open), True
    return t, isinstance(found, NullType | JsonType | AnyType) or found == LiteralType((None,))


def _storage(t: Type, named: Named) -> Storage:
    found = structure(t, named)
    match found:
        case StringType() | IdType():
            return Storage.TEXT
        case IntType() | Int64Type():
            return Storage.INTEGER
        case FloatType():
            return Storage.REAL
        case BoolType():
            return Storage.BOOLEAN
        case BytesType():
            return Storage.BLOB
        case DateTimeType():
            return Storage.DATETIME
        case DateType():
            return Storage.DATE
        case TimeType():
            return Storage.TIME
        case TimedeltaType():
            return Storage.TIMEDELTA
        case UuidType():
            return Storage.UUID
        case DecimalType():
            return Storage.DECIMAL
        case LiteralType(values=values):
            return _scalar_storage(values)
        case EnumType(members=members):
            return _scalar_storage(tuple(member.value for member in members))
        case (
            NullType() | ArrayType() | SetType() | TupleType() | MapType() | UnionType() | ObjectType()
            | JsonType() | AnyType()
        ):  # fmt: skip
            return Storage.JSON
        case _:
            assert_never(found)


def _scalar_storage(values: tuple[Scalar, ...]) -> Storage:
    natural: dict[frozenset[type], Storage] = {
        frozenset({str}): Storage.TEXT,
        frozenset({int}): Storage.INTEGER,
        frozenset({bool}): Storage.BOOLEAN,
    }
    return natural.get(frozenset(map(type, values)), Storage.JSON)
