"""How the fields of a document are stored: one typed SQL column each.

A value goes in in its wire form and comes out as what the codec's decoder gives, so that a field is checked in one
place only. `None` is NULL in every column.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias, assert_never
from uuid import UUID

import orjson

from schemagen.model.contract import EnumType, Field, ObjectType
from schemagen.model.types import (
    INT64_MAX,
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
from schemagen.wire import formats
from schemagen.wire.codec import Codec
from schemagen.wire.issue import refusal
from schemagen.wire.kinds import Named, structure

SqlValue: TypeAlias = str | int | float | bytes | None
ToSql: TypeAlias = Callable[[Any], SqlValue]
FromSql: TypeAlias = Callable[[Any], Any]

_MICROSECOND = timedelta(microseconds=1)


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


@dataclass(frozen=True, slots=True)
class Column:
    """Where one field of a table is stored."""

    field: Field
    storage: Storage
    nullable: bool
    to_sql: ToSql
    """From the wire form; raises `WireError` for the few values that fit the type and not the column."""
    from_sql: FromSql | None
    """To what the codec's decoder gives; None if that is the stored value itself. Not asked about NULL."""

    @property
    def name(self) -> str:
        return self.field.name


def column(field: Field, named: Named, codec: Codec) -> Column:
    """The column of a field."""
    t, can_be_null = _without_null(field.type, named)
    storage = _storage(t, named)
    to_sql, from_sql = _conversions(storage, t, codec)
    return Column(field, storage, can_be_null, to_sql, from_sql)


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


def _conversions(storage: Storage, t: Type, codec: Codec) -> tuple[ToSql, FromSql | None]:
    match storage:
        case Storage.TEXT:
            return _same, None
        case Storage.INTEGER:
            return _integer_to_sql, None
        case Storage.REAL:
            return _float_to_sql, _float_from_sql
        case Storage.BOOLEAN:
            return _bool_to_sql, bool
        case Storage.BLOB:
            return _or_null(formats.parse_bytes), None
        case Storage.DATETIME:
            return _or_null(datetime_to_sql), datetime.fromisoformat
        case Storage.DATE:
            return _same, date.fromisoformat
        case Storage.TIME:
            return _or_null(_time_to_sql), time.fromisoformat
        case Storage.TIMEDELTA:
            return _or_null(_timedelta_to_sql), _timedelta_from_sql
        case Storage.UUID:
            return _same, UUID
        case Storage.DECIMAL:
            return _same, Decimal
        case Storage.JSON:
            decode = codec.decoder(t)
            return _json_to_sql, lambda text: decode(orjson.loads(text))
        case _:
            assert_never(storage)


def _same(value: SqlValue) -> SqlValue:
    return value


def _or_null(convert: ToSql) -> ToSql:
    return lambda value: None if value is None else convert(value)


def _integer_to_sql(value: str | int | None) -> int | None:
    """An Int64 has its digits as a string on the wire."""
    return int(value) if isinstance(value, str) else value


def _bool_to_sql(value: bool | None) -> int | None:
    return None if value is None else int(value)


def _float_to_sql(value: float | str | None) -> SqlValue:
    """NaN as text, which SQLite would otherwise store as NULL; -0.0 as 0.0, which SQL cannot tell apart."""
    if value is None or value == "NaN":
        return value
    return float(value) + 0.0


def _float_from_sql(value: float | str) -> float:
    return float(value)


def datetime_to_sql(text: str) -> str:
    """`2026-01-02T03:04:05+02:00` → `2026-01-02T01:04:05.000000Z`."""
    if text.endswith("Z"):
        return f"{text[:19]}.{text[20:-1]:0<6}Z"
    return datetime.fromisoformat(text).astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def _time_to_sql(text: str) -> str:
    return f"{text[:8]}.{text[9:]:0<6}"


def _timedelta_to_sql(text: str) -> int:
    microseconds = formats.parse_timedelta(text) // _MICROSECOND
    if abs(microseconds) > INT64_MAX:
        raise refusal("is longer than 292,000 years, which cannot be stored")
    return microseconds


def _timedelta_from_sql(microseconds: int) -> timedelta:
    return timedelta(microseconds=microseconds)


def _json_to_sql(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()
