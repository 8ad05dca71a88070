"""The text forms of scalars that JSON has no word for. Each `parse_x` accepts what `format_x` writes, and little more.

A parser returns the value, or raises ValueError with what was expected. How datetimes are written is in `moments.py`:
whatever reads only gets along with the standard library, and travels inside the Python SDKs as it is.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from schemagen.model.types import INT64_MAX, INT64_MIN

_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d:\d\d(?:\.\d{1,6})?", re.ASCII)
_DURATION = re.compile(
    r"(?P<minus>-)?P(?=\d|T\d)(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9})(?:\.(?P<fraction>\d{1,6}))?S)?)?",
    re.ASCII,
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,4})?", re.ASCII)
_INT64 = re.compile(r"0|-?[1-9]\d{0,18}", re.ASCII)


def parse_datetime(text: str) -> datetime:
    if _DATETIME.fullmatch(text) is None:
        raise ValueError("expected a date and time with offset, such as 2026-01-02T03:04:05Z")
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"no such date and time: {error}") from None


def parse_date(text: str) -> date:
    if _DATE.fullmatch(text) is None:
        raise ValueError("expected a date, such as 2026-01-02")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"no such date: {error}") from None


def parse_time(text: str) -> time:
    if _TIME.fullmatch(text) is None:
        raise ValueError("expected a time of day without offset, such as 03:04:05")
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"no such time: {error}") from None


def format_time(value: time) -> str:
    if value.tzinfo is not None:
        raise ValueError("a time of day with a time zone; use a datetime")
    return value.isoformat()


def parse_timedelta(text: str) -> timedelta:
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError("expected a duration in days and seconds, such as P1DT2.5S")
    parts = {name: int(part) for name, part in match.groupdict("0").items() if name not in ("minus", "fraction")}
    microseconds = int((match["fraction"] or "").ljust(6, "0"))
    try:
        value = timedelta(**parts, microseconds=microseconds)
        return -value if match["minus"] else value
    except OverflowError:
        raise ValueError("a duration of more than 999999999 days") from None


def format_timedelta(value: timedelta) -> str:
    minus = value.days < 0
    microseconds = abs(value // timedelta(microseconds=1))
    seconds, microseconds = divmod(microseconds, 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    tail = f"{seconds}.{microseconds:06d}".rstrip("0") if microseconds else str(seconds)
    day_part = f"{days}D" if days else ""
    second_part = f"T{tail}S" if tail != "0" or not days else ""
    return f"{'-' if minus else ''}P{day_part}{second_part}"


def parse_uuid(text: str) -> UUID:
    if _UUID.fullmatch(text) is None:
        raise ValueError("expected a UUID in lower case with hyphens")
    return UUID(text)


def parse_decimal(text: str) -> Decimal:
    if _DECIMAL.fullmatch(text) is None:
        raise ValueError('expected a decimal as a string, such as "12.50"')
    return Decimal(text)


def format_decimal(value: Decimal) -> str:
    text = str(value)
    if _DECIMAL.fullmatch(text) is None:
        raise ValueError(f"the decimal {text} has no form on the wire: it must be finite, its exponent within ±9999")
    return text


def parse_int64(text: str) -> int:
    if _INT64.fullmatch(text) is not None and INT64_MIN <= (value := int(text)) <= INT64_MAX:
        return value
    raise ValueError('expected a 64-bit integer as a string, such as "12"')


def parse_bytes(text: str) -> bytes:
    try:
        value = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        value = None
    if value is None or b64encode(value).decode() != text:
        raise ValueError("expected bytes in standard base64 with padding")
    return value


def format_bytes(value: bytes) -> str:
    return b64encode(value).decode()


def text_mistake(text: str) -> str | None:
    """What keeps `text` from being stored and sent everywhere; None if nothing does."""
    if "\0" in text:
        return "contains a NUL character"
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return "contains half of a surrogate pair"
    return None
