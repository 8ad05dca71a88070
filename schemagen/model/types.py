"""The types a contract can speak of: a closed union of frozen dataclasses.

What each one is in Python, in TypeScript and on the wire stands in `docs/types.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

Scalar: TypeAlias = str | int | bool | None
"""The value of a literal or an enum member."""

INT_MAX: Final = 2**53 - 1
"""The largest integer that a JSON number carries exactly in every language."""
INT64_MAX: Final = 2**63 - 1
INT64_MIN: Final = -(2**63)


@dataclass(frozen=True, slots=True)
class NullType:
    """`None`, `null`."""


@dataclass(frozen=True, slots=True)
class BoolType:
    """`bool`; on the wire `true` or `false`, never 0 or 1."""


@dataclass(frozen=True, slots=True)
class IntType:
    """An integer within ±(2^53 - 1). Bounds are inclusive when `ge`/`le`, exclusive when `gt`/`lt`."""

    ge: int | None = None
    gt: int | None = None
    le: int | None = None
    lt: int | None = None
    multiple_of: int | None = None


@dataclass(frozen=True, slots=True)
class Int64Type:
    """A 64-bit signed integer; a decimal string on the wire, `bigint` in TypeScript."""

    ge: int | None = None
    gt: int | None = None
    le: int | None = None
    lt: int | None = None
    multiple_of: int | None = None


@dataclass(frozen=True, slots=True)
class FloatType:
    """A float; NaN and the infinities only with `non_finite`, then as the strings "NaN", "Infinity", "-Infinity"."""

    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None
    multiple_of: float | None = None
    non_finite: bool = False


@dataclass(frozen=True, slots=True)
class StringType:
    """Text without NUL and lone surrogates. Lengths count code points; `pattern` is searched, not anchored."""

    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class BytesType:
    """Bytes; standard base64 with padding on the wire. Lengths count bytes."""

    min_length: int | None = None
    max_length: int | None = None


@dataclass(frozen=True, slots=True)
class DecimalType:
    """An exact, finite decimal; a string on the wire. Bounds are decimal strings."""

    ge: str | None = None
    gt: str | None = None
    le: str | None = None
    lt: str | None = None
    max_digits: int | None = None
    decimal_places: int | None = None


@dataclass(frozen=True, slots=True)
class UuidType:
    """A UUID; its lower-case hyphenated form on the wire."""


@dataclass(frozen=True, slots=True)
class DateTimeType:
    """An aware datetime; RFC 3339 with offset on the wire (`2026-01-02T03:04:05.678901Z`)."""


@dataclass(frozen=True, slots=True)
class DateType:
    """A date; `2026-01-02` on the wire."""


@dataclass(frozen=True, slots=True)
class TimeType:
    """A time of day without offset; `03:04:05` or `03:04:05.678901` on the wire."""


@dataclass(frozen=True, slots=True)
class TimedeltaType:
    """A duration; ISO 8601 in days and seconds on the wire (`P1DT2.5S`, `-PT30S`)."""


@dataclass(frozen=True, slots=True)
class IdType:
    """The id of a document of `table`: a TypeID, `contacts_01h455vb4pex5vsknk084sn02q`."""

    table: str


@dataclass(frozen=True, slots=True)
class LiteralType:
    """One of some values, in declaration order without duplicates; never empty.

    With `open` the receiver must also handle values that are not listed, of the same JSON type.
    """

    values: tuple[Scalar, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class ArrayType:
    """`list[item]`, an array."""

    item: Type
    min_length: int | None = None
    max_length: int | None = None


@dataclass(frozen=True, slots=True)
class SetType:
    """`set[item]`; on the wire an array without duplicates, sorted by its JSON text."""

    item: Type
    min_length: int | None = None
    max_length: int | None = None


@dataclass(frozen=True, slots=True)
class TupleType:
    """A tuple of fixed length; an array on the wire."""

    items: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class MapType:
    """`dict[key, value]`, an object. `key` is one of the types whose wire form is a string."""

    key: Type
    value: Type
    min_length: int | None = None
    max_length: int | None = None


@dataclass(frozen=True, slots=True)
class UnionType:
    """One of at least two members, flat, without duplicates; `None` comes last.

    `tag` is the wire name of the field that tells object members apart (all of them carry it, with literal values
    that no other member has), or None where the JSON kinds of the members already tell them apart.
    """

    members: tuple[Type, ...]
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class RefType:
    """A named type of the contract: `Contract.named(name)`."""

    name: str


@dataclass(frozen=True, slots=True)
class JsonType:
    """Any JSON value (`JsonValue`)."""


@dataclass(frozen=True, slots=True)
class AnyType:
    """Any JSON value, of which nothing is known (`Any`)."""


Type: TypeAlias = (
    NullType
    | BoolType
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
    | ArrayType
    | SetType
    | TupleType
    | MapType
    | UnionType
    | RefType
    | JsonType
    | AnyType
)


def nullable(t: Type) -> Type | None:
    """What `t` is when it is not null; None if `t` cannot be null (or is nothing but null)."""
    if not isinstance(t, UnionType) or NullType() not in t.members:
        return None
    rest = tuple(member for member in t.members if member != NullType())
    return rest[0] if len(rest) == 1 else UnionType(rest, t.tag)


def children(t: Type) -> tuple[Type, ...]:
    """The types directly inside `t`; a `RefType` is a leaf."""
    match t:
        case ArrayType(item=item) | SetType(item=item):
            return (item,)
        case TupleType(items=items):
            return items
        case MapType(key=key, value=value):
            return (key, value)
        case UnionType(members=members):
            return members
        case _:
            return ()
