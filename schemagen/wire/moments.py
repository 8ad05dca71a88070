"""How a datetime is written on the wire; `formats.parse_datetime` reads it."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson


def format_datetime(value: datetime) -> str:
    """Raises ValueError for a naive datetime: nobody can tell which moment it is."""
    if value.tzinfo is UTC and type(value) is datetime:
        return orjson.dumps(value, option=orjson.OPT_UTC_Z)[1:-1].decode()  # isoformat() takes three times as long
    offset = value.utcoffset()
    if offset is None:
        raise ValueError("a datetime without time zone; use an aware one, such as datetime.now(UTC)")
    if offset and not offset.seconds % 60 and not offset.microseconds:
        return value.isoformat()
    try:
        return value.astimezone(UTC).isoformat()[:-6] + "Z"
    except OverflowError:
        raise ValueError("a datetime that has no form in UTC") from None
