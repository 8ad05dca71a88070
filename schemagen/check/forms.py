"""How scalars whose wire form is text look there, as patterns: what `wire/formats.py` parses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from schemagen.model.types import (
    INT64_MAX,
    INT64_MIN,
    INT_MAX,
    BoolType,
    BytesType,
    DateTimeType,
    DateType,
    DecimalType,
    FloatType,
    IdType,
    Int64Type,
    IntType,
    LiteralType,
    StringType,
    TimedeltaType,
    TimeType,
    UuidType,
)

ScalarType: TypeAlias = (
    BoolType
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
)


@dataclass(frozen=True, slots=True)
class Form:
    """Every text of a type matches `pattern` (None: all do) and has `least` to `most` characters (None: no limit)."""

    pattern: str | None
    least: int
    most: int | None
    exact: bool
    """Whether, the other way round, every such text is of the type."""


_OPEN: Final[dict[type, ScalarType]] = {str: StringType(), int: IntType(), bool: BoolType()}
_YEAR: Final = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_DATE: Final = rf"{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TIME: Final = r"[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?"
_DURATION: Final = r"-?P(?:[0-9]{1,9}D)?(?:T(?:[0-9]{1,9}H)?(?:[0-9]{1,9}M)?(?:[0-9]{1,9}(?:\.[0-9]{1,6})?S)?)?"
_UUID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_DECIMAL: Final = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,4})?"
_BASE64: Final = "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?"
_ID_SUFFIX: Final = "_[0-7][0-9a-hjkmnp-tv-z]{25}"


def form(t: ScalarType, former: Sequence[str] = ()) -> Form | None:
    """The form of a type; None if its values are no text. `former` are the names that the table of an id had."""
    match t:
        case StringType(min_length=least, max_length=most, pattern=pattern):
            return Form(pattern, least or 0, most, exact=True)
        case UuidType():
            return Form(_whole(_UUID), 36, 36, exact=True)
        case DateType():
            return Form(_whole(_DATE), 10, 10, exact=False)
        case DateTimeType():
            return Form(_whole(f"{_DATE}T{_TIME}(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})"), 20, 32, exact=False)
        case TimeType():
            return Form(_whole(_TIME), 8, 15, exact=False)
        case TimedeltaType():
            return Form(_whole(_DURATION), 3, 50, exact=False)
        case Int64Type():
            return _int64_form(t)
        case DecimalType():
            return Form(_whole(_DECIMAL), 1, None, exact=t == DecimalType())
        case BytesType(min_length=least, max_length=most):
            longest = None if most is None else _base64_length(most)
            return Form(_whole(_BASE64), _base64_length(least or 0), longest, exact=not least and most is None)
        case IdType(table=table):
            return _id_form((table, *former))
        case LiteralType(values=values, open=is_open):
            texts = [value for value in values if isinstance(value, str)]
            return None if is_open or not texts else _literal_form(texts)
        case _:
            return None


def opened(t: ScalarType) -> ScalarType:
    """What an open literal may hold of its one JSON kind; any other type as it is."""
    return _OPEN[type(t.values[0])] if isinstance(t, LiteralType) and t.open else t


def int_range(t: IntType | Int64Type) -> tuple[int, int, int]:
    """The first and the last value, and the step between values; empty if the first is above the last."""
    least, most = (-INT_MAX, INT_MAX) if isinstance(t, IntType) else (INT64_MIN, INT64_MAX)
    step = abs(t.multiple_of) if t.multiple_of else 1
    first = max([least, *([t.ge] if t.ge is not None else []), *([t.gt + 1] if t.gt is not None else [])])
    last = min([most, *([t.le] if t.le is not None else []), *([t.lt - 1] if t.lt is not None else [])])
    return -(-first // step) * step, last // step * step, step


def _whole(pattern: str) -> str:
    return rf"\A(?:{pattern})\Z"


def _int64_form(t: Int64Type) -> Form:
    first, last, _ = int_range(t)
    sign = "" if first >= 0 else "-?"
    shortest = 1 if first <= 9 and last >= 0 else len(str(first if first > 9 else last))
    longest = max(len(str(first)), len(str(last)))
    return Form(_whole(f"0|{sign}[1-9][0-9]{{0,18}}"), shortest, longest, exact=False)


def _base64_length(count: int) -> int:
    return -(-count // 3) * 4


def _id_form(tables: Sequence[str]) -> Form:
    lengths = [len(table) + 27 for table in tables]
    return Form(_whole(f"(?:{'|'.join(map(re.escape, tables))}){_ID_SUFFIX}"), min(lengths), max(lengths), exact=True)


def _literal_form(texts: Sequence[str]) -> Form:
    lengths = list(map(len, texts))
    return Form(_whole("|".join(map(re.escape, texts))), min(lengths), max(lengths), exact=True)
