"""Whether every scalar of one type is one of another, and if not, a value that shows it.

A verdict is exact, or says that it could not be proved: `UNPROVED` is never silent.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from schemagen.check.patterns import Unproved, example, outside
from schemagen.model.contract import MISSING, EnumType, Json, Missing
from schemagen.model.ids import format_id
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
    Scalar,
    StringType,
    TimedeltaType,
    TimeType,
    UuidType,
)
from schemagen.wire.kinds import kind_of

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

Accepts: TypeAlias = Callable[[Json], bool]

NON_FINITE: Final = ("NaN", "Infinity", "-Infinity")


_OPEN: Final[dict[str, ScalarType]] = {"string": StringType(), "number": IntType(), "boolean": BoolType()}


@dataclass(frozen=True, slots=True)
class Outside:
    """Not every value fits: `witness` is one that does not, MISSING if it could not be proved that all do."""

    witness: Json | Missing


UNPROVED: Final = Outside(MISSING)


def of_kind(t: ScalarType | EnumType, kind: str) -> ScalarType:
    """The part of a scalar type whose values are of one JSON kind, which it has; open ones as all they may hold."""
    match t:
        case EnumType(members=members, open=is_open):
            return of_kind(LiteralType(tuple(member.value for member in members), is_open), kind)
        case LiteralType(values=values, open=False):
            return LiteralType(tuple(value for value in values if kind_of(value) == kind))
        case LiteralType():
            return _OPEN[kind]
        case FloatType(non_finite=True) if kind == "string":
            return LiteralType(NON_FINITE)
        case FloatType(ge, gt, le, lt, multiple_of, _):
            return FloatType(ge, gt, le, lt, multiple_of)
        case _:
            return t


def scalar_outside(sent: ScalarType, accepted: ScalarType, is_sent: Accepts, is_accepted: Accepts) -> Outside | None:
    """A value of `sent` that `accepted` refuses; None if all fit. Both are of one JSON kind.

    `is_sent` and `is_accepted` are the validators of the two types.
    """
    finite = finite_values(sent)
    if finite is not None:
        wrong = [value for value in finite if is_sent(value) and not is_accepted(value)]
        return Outside(wrong[0]) if wrong else None
    if isinstance(sent, StringType) and isinstance(accepted, StringType):
        return _text_outside(sent, accepted)
    if _fits(sent, accepted):
        return None
    for value in _candidates(sent, accepted):
        if is_sent(value) and not is_accepted(value):
            return Outside(value)
    return None if next(samples(sent, is_sent), MISSING) is MISSING and _is_empty(sent) else UNPROVED


def finite_values(t: ScalarType) -> tuple[Scalar, ...] | None:
    """All values, where there are few; None where there are many."""
    match t:
        case LiteralType(values=values, open=False):
            return values
        case BoolType():
            return (True, False)
        case IntType():
            first, last, step = int_range(t)
            return tuple(range(first, last + 1, step)) if last - first < 8 * step else None
        case _:
            return None


def samples(t: ScalarType, is_valid: Accepts) -> Iterator[Json]:
    """Some valid values, the simplest first; none if none was found."""
    seen: set[str] = set()
    for value in _candidates(t, t):
        if repr(value) not in seen and is_valid(value):
            seen.add(repr(value))
            yield value


def int_range(t: IntType | Int64Type) -> tuple[int, int, int]:
    """The first and the last value, and the step between values; empty if the first is above the last."""
    least, most = (-INT_MAX, INT_MAX) if isinstance(t, IntType) else (INT64_MIN, INT64_MAX)
    step = abs(t.multiple_of) if t.multiple_of else 1
    first = max([least, *([t.ge] if t.ge is not None else []), *([t.gt + 1] if t.gt is not None else [])])
    last = min([most, *([t.le] if t.le is not None else []), *([t.lt - 1] if t.lt is not None else [])])
    return -(-first // step) * step, last // step * step, step


# --- proofs ---


def _fits(sent: ScalarType, accepted: ScalarType) -> bool:
    """Proved that every value of `sent` is one of `accepted`."""
    match sent, accepted:
        case IntType(), IntType():
            return _int_fits(sent, accepted)
        case Int64Type(), Int64Type():
            return _int_fits(sent, accepted)
        case IntType(), FloatType():
            first, last, _ = int_range(sent)
            inside = (
                (accepted.ge is None or first >= accepted.ge)
                and (accepted.gt is None or first > accepted.gt)
                and (accepted.le is None or last <= accepted.le)
                and (accepted.lt is None or last < accepted.lt)
            )
            whole = accepted.multiple_of is None or (
                float(accepted.multiple_of).is_integer() and (sent.multiple_of or 1) % int(accepted.multiple_of) == 0
            )
            return first > last or (inside and whole)
        case FloatType(), FloatType():
            return _bounds_fit(sent, accepted) and accepted.multiple_of in (None, sent.multiple_of)
        case DecimalType(), DecimalType():
            return _bounds_fit(sent, accepted) and _digits_fit(sent, accepted)
        case BytesType(), BytesType():
            return _lengths_fit(sent.min_length, sent.max_length, accepted.min_length, accepted.max_length)
        case Int64Type(), DecimalType():
            return accepted == DecimalType()
        case IdType(table=one), IdType(table=other):
            return one == other
        case _, StringType():
            if type(sent) is StringType or accepted.pattern is not None:
                return False
            least, most = text_lengths(sent)
            return _lengths_fit(least, most, accepted.min_length, accepted.max_length)
        case _:
            return type(sent) is type(accepted)


def _int_fits(sent: IntType | Int64Type, accepted: IntType | Int64Type) -> bool:
    first, last, step = int_range(sent)
    low, high, grid = int_range(accepted)
    if first > last:
        return True
    return low <= first and last <= high and first % grid == 0 and (step % grid == 0 or first == last)


def _bounds_fit(sent: FloatType | DecimalType, accepted: FloatType | DecimalType) -> bool:
    return _is_above(_low(sent), _low(accepted)) and _is_above(_high(sent), _high(accepted))


def _low(t: FloatType | DecimalType) -> tuple[Decimal, int]:
    """The lower end: its value, and 1 if it is excluded; higher ends compare greater."""
    ends = [(Decimal("-Infinity"), 0)]
    ends += [(Decimal(str(t.ge)), 0)] if t.ge is not None else []
    ends += [(Decimal(str(t.gt)), 1)] if t.gt is not None else []
    return max(ends)


def _high(t: FloatType | DecimalType) -> tuple[Decimal, int]:
    """The upper end, mirrored, so that lower ends compare greater."""
    ends = [(Decimal("-Infinity"), 0)]
    ends += [(-Decimal(str(t.le)), 0)] if t.le is not None else []
    ends += [(-Decimal(str(t.lt)), 1)] if t.lt is not None else []
    return max(ends)


def _is_above(one: tuple[Decimal, int], other: tuple[Decimal, int]) -> bool:
    return one >= other


def _digits_fit(sent: DecimalType, accepted: DecimalType) -> bool:
    places, digits = sent.decimal_places, sent.max_digits
    if accepted.decimal_places is not None and (places is None or places > accepted.decimal_places):
        return False
    if accepted.max_digits is None:
        return True
    if digits is None or digits > accepted.max_digits:
        return False
    whole = digits - (places or 0)
    return accepted.decimal_places is None or whole <= accepted.max_digits - accepted.decimal_places


def _lengths_fit(least: int | None, most: int | None, low: int | None, high: int | None) -> bool:
    return (least or 0) >= (low or 0) and (high is None or (most is not None and most <= high))


def text_lengths(t: ScalarType) -> tuple[int, int | None]:
    """How long the text on the wire is, at least and at most (None: no limit); for types whose wire form is text."""
    match t:
        case StringType(min_length=least, max_length=most):
            return least or 0, most
        case UuidType():
            return 36, 36
        case DateType():
            return 10, 10
        case DateTimeType():
            return 20, 32
        case TimeType():
            return 8, 15
        case TimedeltaType():
            return 3, None
        case Int64Type():
            return 1, 20
        case IdType(table=table):
            return len(table) + 27, len(table) + 27
        case BytesType(min_length=least, max_length=most):
            return _base64_length(least or 0), None if most is None else _base64_length(most)
        case _:
            return 0, None


def _base64_length(count: int) -> int:
    return -(-count // 3) * 4


def _is_empty(t: ScalarType) -> bool:
    """Proved that the type has no value at all."""
    match t:
        case IntType() | Int64Type():
            first, last, _ = int_range(t)
            return first > last
        case FloatType() | DecimalType():
            (low, low_open), (high, high_open) = _low(t), _high(t)
            return low > -high or (low == -high and bool(low_open or high_open))
        case StringType(min_length=least, max_length=most) | BytesType(min_length=least, max_length=most):
            return most is not None and (least or 0) > most
        case _:
            return False


# --- text ---


def _text_outside(sent: StringType, accepted: StringType) -> Outside | None:
    if _is_empty(sent):
        return None
    wrong_length = not _lengths_fit(sent.min_length, sent.max_length, accepted.min_length, accepted.max_length)
    if wrong_length:
        for length in _lengths_outside(sent, accepted):
            text = example(sent.pattern, length, length)
            if text is not None:
                return Outside(text)
    if accepted.pattern is not None and accepted.pattern != sent.pattern:
        found = outside(sent.pattern, accepted.pattern, sent.min_length or 0, sent.max_length)
        if isinstance(found, str):
            return Outside(found)
        if isinstance(found, Unproved):
            return UNPROVED
    return UNPROVED if wrong_length and sent.pattern is not None else None


def _lengths_outside(sent: StringType, accepted: StringType) -> Iterator[int]:
    """Some lengths that `sent` may have and `accepted` refuses."""
    least, most = sent.min_length or 0, sent.max_length
    low, high = accepted.min_length or 0, accepted.max_length
    yield from range(least, min(low, least + 20, *(() if most is None else (most + 1,))))
    if high is not None:
        start = max(high + 1, least)
        yield from range(start, start + 20 if most is None else min(most + 1, start + 20))


# --- values to try ---


def _candidates(sent: ScalarType, accepted: ScalarType) -> Iterable[Json]:
    """Values of `sent`, or nearly, that are likely to lie outside of `accepted`; the simplest first."""
    match sent:
        case LiteralType(values=values):
            return list(values)
        case BoolType():
            return [False, True]
        case IntType():
            return list(_int_candidates(sent, accepted))
        case Int64Type():
            return [str(value) for value in _int_candidates(sent, accepted)]
        case FloatType():
            return list(_float_candidates(sent, accepted))
        case DecimalType():
            return list(_decimal_candidates(sent, accepted))
        case StringType(min_length=least, max_length=most, pattern=pattern):
            found = [example(pattern, least or 0, most)]
            if pattern is None:
                found += [letter * max(1, least or 0) for letter in "abcdefgh"]
            return [text for text in found if text is not None]
        case BytesType():
            return [b64encode(b"x" * count).decode() for count in _byte_counts(sent, accepted)]
        case IdType(table=table):
            return [format_id(table, number) for number in range(3)]
        case _:
            return _FIXED[type(sent)]


_FIXED: Final[dict[type, list[Json]]] = {
    UuidType: [f"00000000-0000-4000-8000-00000000000{n}" for n in range(3)],
    DateTimeType: ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678901+02:00", "2026-01-03T00:00:00Z"],
    DateType: ["2026-01-02", "2026-01-03", "2026-01-04"],
    TimeType: ["03:04:05", "03:04:05.678901", "04:05:06"],
    TimedeltaType: ["P1D", "-PT2.5S", "PT3S"],
}


def _int_candidates(sent: IntType | Int64Type, accepted: ScalarType) -> Iterator[int]:
    first, last, step = int_range(sent)
    if first > last:
        return
    near = -(-0 // step) * step
    simple = [near + step * i for i in (0, 1, -1, 2, -2, 3, 5, 7)]
    ends = [first, first + step, first + 2 * step, last, last - step]
    if isinstance(accepted, IntType | Int64Type):
        low, high, _ = int_range(accepted)
        ends += [(high // step + 1) * step, (-(-low // step) - 1) * step]
    if isinstance(accepted, FloatType | DecimalType):
        bounds = [bound for bound in (accepted.ge, accepted.gt, accepted.le, accepted.lt) if bound is not None]
        ends += [int(Decimal(str(bound)) // step) * step + step * i for bound in bounds for i in (-1, 0, 1)]
    yield from (value for value in (*simple, *ends) if first <= value <= last)


def _float_candidates(sent: FloatType, accepted: ScalarType) -> Iterator[float]:
    step = sent.multiple_of
    bounds = [float(bound) for t in (sent, accepted) for bound in _bounds(t)]
    yield from (0, 1, 0.5, -0.5, -1, 1.5, 2)
    for bound in bounds:
        yield from (bound, bound - 1, bound + 1, math.nextafter(bound, math.inf), math.nextafter(bound, -math.inf))
    yield from ((one + other) / 2 for one in bounds for other in bounds)
    if step:
        yield from (math.floor(bound / step) * step + step * i for bound in (*bounds, 0.0) for i in (-1, 0, 1, 2))
    yield from (1e300, -1e300)


def _bounds(t: ScalarType) -> list[int | float | str]:
    if isinstance(t, IntType | Int64Type | FloatType | DecimalType):
        return [bound for bound in (t.ge, t.gt, t.le, t.lt) if bound is not None]
    return []


def _decimal_candidates(sent: DecimalType, accepted: ScalarType) -> Iterator[str]:
    yield from ("0", "1", "-1", "0.5")
    places = [t.decimal_places for t in (sent, accepted) if isinstance(t, DecimalType) and t.decimal_places is not None]
    digits = [t.max_digits for t in (sent, accepted) if isinstance(t, DecimalType) and t.max_digits is not None]
    tiny = [Decimal(1).scaleb(-count) for each in places for count in (each, each + 1)] or [Decimal("0.001")]
    for bound in (Decimal(str(bound)) for t in (sent, accepted) for bound in _bounds(t)):
        for near in (Decimal(0), Decimal(1), Decimal(-1), *tiny, *(-each for each in tiny)):
            yield f"{bound + near:f}"
    yield from (f"{each:f}" for each in tiny)
    for count in {each + extra for each in digits for extra in (-1, 0, 1)} | {
        digit - place + extra for digit in digits for place in places for extra in (0, 1)
    }:
        if count > 0:
            yield "9" * count
            yield "-" + "9" * count
    for digit in digits:
        yield from (f"0.{'1' * count}" for count in (digit, digit + 1))
    yield from ("9" * 40, f"0.{'1' * 40}", f"-{'9' * 40}")


def _byte_counts(sent: BytesType, accepted: ScalarType) -> Iterator[int]:
    least, most = sent.min_length or 0, sent.max_length
    counts = [least, least + 1, least + 2]
    if isinstance(accepted, BytesType):
        counts += [(accepted.min_length or 0) - 1, *([] if accepted.max_length is None else [accepted.max_length + 1])]
    yield from (count for count in counts if count >= least and (most is None or count <= most))
