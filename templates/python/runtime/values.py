"""The types of the wire that pydantic does not read and write as the wire has them, and the base of all models."""

from __future__ import annotations

import base64
import datetime as _datetime
import decimal as _decimal
import math
import re
import uuid as _uuid
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, PlainSerializer, WrapSerializer, WrapValidator
from pydantic_core import CoreSchema, PydanticSerializationUnexpectedValue, core_schema, to_json

__all__ = [
    "Bytes",
    "Date",
    "DateTime",
    "Decimal",
    "Field",
    "Float",
    "Int64",
    "JsonValue",
    "Model",
    "Set",
    "Time",
    "Timedelta",
    "Uuid",
    "unset",
]

T = TypeVar("T")

NAIVE = "a datetime without time zone; use an aware one, such as datetime.now(timezone.utc)"

_DURATION = re.compile(
    r"(?P<minus>-)?P(?=\d|T\d)(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9})(?:\.(?P<fraction>\d{1,6}))?S)?)?",
    re.ASCII,
)
_NON_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def camel_case(name: str) -> str:
    """`next_task_due_at` → `nextTaskDueAt`: the backend's own rule."""
    stripped = name.rstrip("_") or name
    bare = stripped.lstrip("_")
    head, *rest = bare.split("_")
    return stripped[: len(stripped) - len(bare)] + head + "".join(part[:1].upper() + part[1:] for part in rest)


class Model(BaseModel):
    """A record of the backend. Fields the backend has a default for may be left out when it is sent."""

    model_config = ConfigDict(
        strict=True,
        alias_generator=camel_case,
        extra="forbid",  # of what an application makes; `shapes.py` has results ignore what they do not know
        validate_by_name=True,
        validate_by_alias=True,
        protected_namespaces=(),
        ser_json_inf_nan="constants",
    )

    sent_always: ClassVar[frozenset[str]] = frozenset()
    """Fields that tell the members of a union apart: they are sent although they were not set."""

    former_names: ClassVar[dict[str, str]] = {}
    """What fields were called before, and what they are called now."""

    if not TYPE_CHECKING:  # type checkers know which attributes there are

        def __getattr__(self, name: str) -> Any:
            now = type(self).former_names.get(name)
            if now is not None:
                raise AttributeError(f"{type(self).__name__}.{name} was renamed to {now}")
            return super().__getattr__(name)

    def model_post_init(self, context: Any, /) -> None:
        if self.sent_always:
            self.__pydantic_fields_set__.update(self.sent_always)


def mark_changed(value: Any) -> None:
    """Have records send what was changed in place without being set: `changes.tags.append("new")`."""
    if isinstance(value, Model):
        sent = value.__pydantic_fields_set__
        for name, field in type(value).model_fields.items():
            item = value.__dict__.get(name)
            if name not in sent and isinstance(item, list | dict | set) and item != field.default:
                sent.add(name)
            mark_changed(item)
    elif isinstance(value, dict):
        for item in cast(Mapping[Any, Any], value).values():
            mark_changed(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in cast(Collection[Any], value):
            mark_changed(item)


class _Wire:
    """A value that is text on the wire: read as `read` says, in Python of class `kind`, written by `form`."""

    def __init__(self, kind: type, read: CoreSchema, form: Callable[[Any], str], *, aware: bool = False) -> None:
        self.kind = kind
        self.read = read
        self.form = form
        self.aware = aware

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        return core_schema.json_or_python_schema(
            json_schema=self.read,
            python_schema=core_schema.no_info_plain_validator_function(self._given),
            serialization=core_schema.plain_serializer_function_ser_schema(self._write, when_used="json"),
        )

    def _given(self, value: Any) -> Any:
        if not self._is_mine(value):
            raise ValueError(f"expected a {self.kind.__name__}, got {type(value).__name__}")
        if self.aware and value.tzinfo is None:
            raise ValueError(NAIVE)
        return value

    def _write(self, value: Any) -> str:
        if not self._is_mine(value):  # another member of the union around may take it
            raise PydanticSerializationUnexpectedValue(f"expected a {self.kind.__name__}, got {type(value).__name__}")
        return self.form(value)

    def _is_mine(self, value: Any) -> bool:
        stranger = bool if self.kind is int else _datetime.datetime if self.kind is _datetime.date else ()
        return isinstance(value, self.kind) and not isinstance(value, stranger)


def _parsed(pattern: str, parse: Callable[[str], Any]) -> CoreSchema:
    text = core_schema.str_schema(strict=True, pattern=f"^(?:{pattern})$")
    return core_schema.chain_schema([text, core_schema.no_info_plain_validator_function(parse)])


def _int64(text: str) -> int:
    value = int(text)
    if not -(2**63) <= value < 2**63:
        raise ValueError("expected a 64-bit integer")
    return value


def _write_int64(value: int) -> str:
    if not -(2**63) <= value < 2**63:
        raise ValueError("an integer beyond 64 bits")
    return str(value)


def _timedelta(text: str) -> _datetime.timedelta:
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError("expected a duration in days and seconds, such as P1DT2.5S")
    parts = {name: int(part) for name, part in match.groupdict("0").items() if name not in ("minus", "fraction")}
    fraction = int((match["fraction"] or "").ljust(6, "0"))
    try:
        value = _datetime.timedelta(**parts, microseconds=fraction)
    except OverflowError:
        raise ValueError("a duration of more than 999999999 days") from None
    return -value if match["minus"] else value


def _write_timedelta(value: _datetime.timedelta) -> str:
    seconds, microseconds = divmod(abs(value // _datetime.timedelta(microseconds=1)), 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    tail = f"{seconds}.{microseconds:06d}".rstrip("0") if microseconds else str(seconds)
    clock = f"T{tail}S" if tail != "0" or not days else ""
    return f"{'-' if value.days < 0 else ''}P{f'{days}D' if days else ''}{clock}"


def _write_datetime(value: _datetime.datetime) -> str:
    offset = value.utcoffset()
    if offset is None:
        raise ValueError(NAIVE)
    if offset and not offset.seconds % 60 and not offset.microseconds:
        return value.isoformat()
    return value.astimezone(_datetime.UTC).isoformat()[:-6] + "Z"


def _write_time(value: _datetime.time) -> str:
    if value.tzinfo is not None:
        raise ValueError("a time of day with a time zone; use a datetime")
    return value.isoformat()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError("expected bytes in standard base64") from None


def _write_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _write_decimal(value: _decimal.Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"the decimal {value} has no form on the wire")
    return str(value)


def _non_finite(value: Any, handler: Callable[[Any], float]) -> float:
    found = _NON_FINITE.get(value) if isinstance(value, str) else None
    return handler(value) if found is None else found


def _write_float(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _sorted(value: Any, handler: Callable[[Any], list[Any]]) -> list[Any]:
    """As the server writes a set; the order means nothing, but equal sets are equal text."""
    return sorted(handler(value), key=to_json)


_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,6})?"

Int64: TypeAlias = Annotated[int, _Wire(int, _parsed("0|-?[1-9][0-9]{0,18}", _int64), _write_int64)]
"""An integer of up to 64 bits."""
Float: TypeAlias = Annotated[
    float, Field(allow_inf_nan=True), WrapValidator(_non_finite), PlainSerializer(_write_float, when_used="json")
]
"""A float that may be infinite, or not a number."""
Bytes: TypeAlias = Annotated[bytes, _Wire(bytes, _parsed("[A-Za-z0-9+/]*={0,2}", _bytes), _write_bytes)]
Decimal: TypeAlias = Annotated[
    _decimal.Decimal,
    _Wire(
        _decimal.Decimal, _parsed("-?[0-9]+(?:[.][0-9]+)?(?:[eE][+-]?[0-9]{1,4})?", _decimal.Decimal), _write_decimal
    ),
]
DateTime: TypeAlias = Annotated[
    _datetime.datetime,
    _Wire(
        _datetime.datetime,
        _parsed(f"{_DATE}T{_TIME}(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})", _datetime.datetime.fromisoformat),
        _write_datetime,
        aware=True,
    ),
]
"""A moment: a datetime with a time zone."""
Date: TypeAlias = Annotated[
    _datetime.date,
    _Wire(_datetime.date, _parsed(_DATE, _datetime.date.fromisoformat), _datetime.date.isoformat),
]
Time: TypeAlias = Annotated[
    _datetime.time, _Wire(_datetime.time, _parsed(_TIME, _datetime.time.fromisoformat), _write_time)
]
"""A time of day, without time zone."""
Timedelta: TypeAlias = Annotated[
    _datetime.timedelta, _Wire(_datetime.timedelta, _parsed("-?P[0-9A-Z.]+", _timedelta), _write_timedelta)
]
Uuid: TypeAlias = Annotated[
    _uuid.UUID, _Wire(_uuid.UUID, _parsed("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", _uuid.UUID), str)
]
Set: TypeAlias = Annotated[set[T], WrapSerializer(_sorted, when_used="json")]


def unset() -> Any:
    """The value, until it is sent, of a field whose default only the backend knows."""
    return None
