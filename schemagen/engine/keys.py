"""Index keys as bytes whose order is the order of the index; in memory only, for read sets and cursors.

One part per key column. NULL is `00`, every value starts with `01`, so `ff` is above all keys:
`prefix` ≤ every key that starts with it < `prefix + ABOVE`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias, assert_never

from schemagen.store.columns import SqlValue
from schemagen.wire.storage import Storage

ABOVE: Final = b"\xff"
NULL_PART: Final = b"\x00"
ABOVE_NULL: Final = b"\x01"
"""Not above any value, and above NULL."""

Part: TypeAlias = Callable[[Any], bytes]
"""One value of a column, not NULL → its part of the key."""

_SIGN = 1 << 63
_DOUBLE = struct.Struct(">d")


def part_of(storage: Storage) -> Part:
    """How values of a column become parts of a key."""
    match storage:
        case (
            Storage.TEXT
            | Storage.DATETIME
            | Storage.DATE
            | Storage.TIME
            | Storage.UUID
            | Storage.DECIMAL
            | Storage.JSON
        ):
            return _text
        case Storage.INTEGER | Storage.BOOLEAN | Storage.TIMEDELTA:
            return _integer
        case Storage.REAL:
            return _real
        case Storage.BLOB:
            return _blob
        case _:
            assert_never(storage)


def _text(value: str) -> bytes:
    return b"\x01%b\x00" % value.encode()  # no text holds a NUL, and UTF-8 sorts by code point


def _integer(value: int) -> bytes:
    return b"\x01" + (value + _SIGN).to_bytes(8, "big")


def _real(value: float) -> bytes:
    bits = int.from_bytes(_DOUBLE.pack(value + 0.0), "big")  # -0.0 + 0.0 is 0.0
    return b"\x01" + (bits ^ (2 * _SIGN - 1) if bits & _SIGN else bits ^ _SIGN).to_bytes(8, "big")


def _blob(value: bytes) -> bytes:
    return b"\x01" + value.replace(b"\x00", b"\x00\xff") + b"\x00"


def key_of(parts: tuple[Part, ...], values: tuple[SqlValue, ...]) -> bytes:
    """The key of some values, one for each part."""
    return b"".join([NULL_PART if value is None else part(value) for part, value in zip(parts, values, strict=True)])


def values_of(storages: tuple[Storage, ...], key: bytes) -> tuple[SqlValue, ...]:
    """The values of a key that has a part for each column. Raises ValueError if it is no such key."""
    values = tuple(_split(storages, key))
    if key_of(tuple(map(part_of, storages)), values) != key:
        raise ValueError("not a key")
    return values


def _split(storages: tuple[Storage, ...], key: bytes) -> Iterator[SqlValue]:
    position = 0
    for storage in storages:
        mark, position = key[position : position + 1], position + 1
        if mark == NULL_PART:
            yield None
            continue
        end = _end(storage, key, position)
        yield _value(storage, key[position:end])
        position = end if storage in _FIXED else end + 1


_FIXED = frozenset({Storage.INTEGER, Storage.BOOLEAN, Storage.TIMEDELTA, Storage.REAL})


def _end(storage: Storage, key: bytes, position: int) -> int:
    if storage in _FIXED:
        return position + 8
    end = key.index(b"\x00", position)
    while storage is Storage.BLOB and key[end + 1 : end + 2] == b"\xff":
        end = key.index(b"\x00", end + 2)
    return end


def _value(storage: Storage, part: bytes) -> SqlValue:
    if storage is Storage.BLOB:
        return part.replace(b"\x00\xff", b"\x00")
    if storage not in _FIXED:
        return part.decode()
    if len(part) != 8:
        raise ValueError("not a key")
    bits = int.from_bytes(part, "big")
    if storage is not Storage.REAL:
        return bits - _SIGN
    number: float = _DOUBLE.unpack((bits ^ _SIGN if bits & _SIGN else bits ^ (2 * _SIGN - 1)).to_bytes(8, "big"))[0]
    return number
