"""How the fields of a document are stored: one typed SQL column each.

A value goes in in its wire form and comes out as what the codec's decoder gives, so that a field is checked in one
place only. `None` is NULL in every column.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias, assert_never
from uuid import UUID

import orjson

from schemagen.model.contract import Field
from schemagen.model.types import INT64_MAX, Type
from schemagen.wire import formats
from schemagen.wire.codec import Codec
from schemagen.wire.issue import refusal
from schemagen.wire.kinds import Named
from schemagen.wire.storage import Storage, storage_of

SqlValue: TypeAlias = str | int | float | bytes | None
ToSql: TypeAlias = Callable[[Any], SqlValue]
FromSql: TypeAlias = Callable[[Any], Any]

_MICROSECOND = timedelta(microseconds=1)


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
    t, storage, can_be_null = storage_of(field.type, named)
    to_sql, from_sql = _conversions(storage, t, codec)
    return Column(field, storage, can_be_null, to_sql, from_sql)


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
