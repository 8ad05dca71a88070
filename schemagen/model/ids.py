"""Ids: TypeIDs (typeid.io, v0.3): `<table>_<26 characters of Crockford base32>`, the suffix a UUIDv7.

They sort by creation time, and an id of another table is told apart by its prefix.
"""

from __future__ import annotations

import re

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_SUFFIX = re.compile(r"[0-7][0-9a-hjkmnp-tv-z]{25}")


_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]


def format_id(table: str, value: int) -> str:
    """The id of `table` whose 128 bits are `value`."""
    suffix = "".join([_PAIRS[(value >> shift) & 1023] for shift in range(120, -1, -10)])
    return f"{table}_{suffix}"


def id_pattern(table: str, *former: str) -> re.Pattern[str]:
    """What the ids of `table` match, as a whole, those too that were made while it had a former name."""
    return re.compile(f"(?:{'|'.join(map(re.escape, (table, *former)))})_{_SUFFIX.pattern}")


def uuid7(time_ms: int, random_74: int) -> int:
    """The 128 bits of a UUIDv7 (RFC 9562, 5.7) from milliseconds since the epoch and 74 random bits."""
    return (time_ms & (2**48 - 1)) << 80 | 7 << 76 | (random_74 >> 62) << 64 | 2 << 62 | random_74 & (2**62 - 1)


def id_mistake(text: str, table: str) -> str | None:
    """What keeps `text` from being an id of `table`; None if it is one."""
    prefix, _, suffix = text.rpartition("_")
    if _SUFFIX.fullmatch(suffix) is None or not prefix:
        return f"not an id of table {table!r}"
    if prefix != table:
        return f"an id of table {prefix!r}, not of {table!r}"
    return None
