"""Values of scalar types: simple ones, many different ones, and such as lie near the ends of what is allowed."""

from __future__ import annotations

import itertools
import math
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from schemagen.check.forms import ScalarType, int_range, opened
from schemagen.check.patterns import examples
from schemagen.model.contract import Json
from schemagen.model.ids import format_id
from schemagen.model.types import (
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

Accepts: TypeAlias = Callable[[Json], bool]

LENGTH_MAX: Final = 100_000
"""Longer texts are not written out."""
_MISSES_MAX: Final = 2_000
"""So many tries in a row that give nothing end a search."""


def samples(t: ScalarType, is_valid: Accepts) -> Iterator[Json]:
    """Valid values, all different as JSON, the simplest first: all there are or more than anybody wants."""
    seen: set[str] = set()
    misses = 0
    for value in itertools.chain(near(t, t), _many(t)):
        if repr(value) not in seen and is_valid(value):
            seen.add(repr(value))
            misses = 0
            yield value
        else:
            misses += 1
            if misses > _MISSES_MAX:
                return


def near(sent: ScalarType, accepted: ScalarType) -> Iterator[Json]:
    """Values of `sent`, or nearly, that are likely to lie outside of `accepted`."""
    match sent:
        case LiteralType(values=values):
            yield from values
        case BoolType():
            yield from (False, True)
        case IntType():
            yield from _ints(sent, accepted)
        case Int64Type():
            yield from map(str, _ints(sent, accepted))
        case FloatType():
            yield from _floats(sent, accepted)
        case DecimalType():
            yield from _decimals(sent, accepted)
        case BytesType():
            yield from (b64encode(b"x" * count).decode() for count in _byte_counts(sent, accepted))
        case _:
            yield from itertools.islice(_many(sent), 3)


def _many(t: ScalarType) -> Iterator[Json]:
    """One after the other, without regard to constraints that the validator knows better."""
    match t:
        case LiteralType(open=True):
            yield from _many(opened(t))
        case LiteralType() | BoolType():
            return
        case IntType():
            yield from _outward(t)
        case Int64Type():
            yield from map(str, _outward(t))
        case FloatType():
            yield from _spread(t)
        case DecimalType():
            yield from _decimal_grid(t)
        case StringType(min_length=least, max_length=most, pattern=pattern):
            if (least or 0) <= LENGTH_MAX:
                yield from examples(pattern, least or 0, most)
        case BytesType(min_length=least, max_length=most):
            yield from _byte_texts(least or 0, most)
        case IdType(table=table):
            yield from (format_id(table, number) for number in itertools.count())
        case UuidType():
            yield from (f"00000000-0000-4000-8000-{number:012x}" for number in itertools.count())
        case _:
            yield from _moments(t)


def _moments(t: DateType | DateTimeType | TimeType | TimedeltaType) -> Iterator[str]:
    for count in range(86_400):
        match t:
            case DateType():
                yield (date(2026, 1, 2) + timedelta(days=count)).isoformat()
            case DateTimeType():
                moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) + timedelta(seconds=count)
                yield moment.isoformat()[:-6] + "Z"
            case TimeType():
                yield (datetime(2026, 1, 1, 3, 4, 5) + timedelta(seconds=count)).time().isoformat()
            case TimedeltaType():
                yield f"PT{count + 1}S"


# --- integers ---


def _outward(t: IntType | Int64Type) -> Iterator[int]:
    """All values, those near zero first."""
    first, last, step = int_range(t)
    start = min(max(0, first), last) // step * step
    for count in itertools.count():
        up, down = start + count * step, start - count * step
        if up > last and down < first:
            return
        if first <= up <= last:
            yield up
        if count and first <= down <= last:
            yield down


def _ints(sent: IntType | Int64Type, accepted: ScalarType) -> Iterator[int]:
    first, last, step = int_range(sent)
    yield from itertools.islice(_outward(sent), 16)
    ends = [first, first + step, first + 2 * step, last, last - step, last - 2 * step]
    if isinstance(accepted, IntType | Int64Type):
        low, high, _ = int_range(accepted)
        ends += [(high // step + 1) * step, (-(-low // step) - 1) * step]
    for bound in bounds(accepted) if isinstance(accepted, FloatType | DecimalType) else ():
        ends += [int(Decimal(str(bound)) // step) * step + step * i for i in (-1, 0, 1)]
    yield from (value for value in ends if first <= value <= last)


# --- floats ---


def _floats(sent: FloatType, accepted: ScalarType) -> Iterator[float]:
    yield from (0, 1, 0.5, 0.0, -0.5, -1, 1.5, 2)
    ends = [float(bound) for t in (sent, accepted) for bound in bounds(t)]
    for end in ends:
        yield from (end, end - 1, end + 1, math.nextafter(end, math.inf), math.nextafter(end, -math.inf))
    yield from ((one + other) / 2 for one in ends for other in ends)
    steps = [t.multiple_of for t in (sent, accepted) if isinstance(t, FloatType | IntType) and t.multiple_of]
    for step in map(float, steps):
        for base in (*ends, 0.0):
            multiple = math.floor(base / step) * step if math.isfinite(base / step) else 0.0
            yield from (multiple + step * part for part in (-1.0, 0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0))
    yield from itertools.islice(_spread(sent), 40)
    yield from (1e300, -1e300, 1e-300, INT_MAX + 1, -INT_MAX - 1, 2.0**80)


def _spread(t: FloatType) -> Iterator[float]:
    """Multiples of the step, or ever finer parts of the range."""
    low = max((float(bound) for bound in (t.ge, t.gt) if bound is not None), default=None)
    high = min((float(bound) for bound in (t.le, t.lt) if bound is not None), default=None)
    if t.multiple_of:
        step = abs(float(t.multiple_of))
        start = math.ceil(low / step) if low is not None else math.floor(high / step) if high is not None else 0
        way = -1 if low is None and high is not None else 1
        yield from ((start + way * count) * step for count in range(100_000))
        return
    low, high = _window(low, high)
    for parts in (2**power for power in range(1, 18)):
        yield from (low + (high - low) * (count / parts) for count in range(1, parts, 2))


def _window(low: float | None, high: float | None) -> tuple[float, float]:
    if low is None:
        low = -(2.0**20) if high is None else high - max(1.0, abs(high))
    if high is None:
        high = low + max(2.0**21, abs(low))
    return low, high


# --- decimals ---


def _decimals(sent: DecimalType, accepted: ScalarType) -> Iterator[str]:
    places = [t.decimal_places for t in (sent, accepted) if isinstance(t, DecimalType) and t.decimal_places is not None]
    digits = [t.max_digits for t in (sent, accepted) if isinstance(t, DecimalType) and t.max_digits is not None]
    tiny = [Decimal(1).scaleb(-count) for each in places for count in (each, each + 1)] or [Decimal("0.001")]
    whole = {count - place for count in digits for place in (0, *places)}
    numbers = [Decimal(text) for text in ("0", "1", "-1", "0.5")]
    for end in (Decimal(str(bound)) for t in (sent, accepted) for bound in bounds(t)):
        numbers += [end + near for near in (Decimal(0), Decimal(1), Decimal(-1), *tiny, *(-each for each in tiny))]
    numbers += tiny
    numbers += [
        Decimal(sign + "9" * count) for count in sorted({each + i for each in whole for i in (0, 1)}) if count > 0
        for sign in ("", "-")
    ]  # fmt: skip
    numbers += [Decimal("9" * 40), Decimal(f"-{'9' * 40}")]
    yield from (f"{number:f}" for number in numbers)
    for number in numbers:
        yield from _other_spellings(number, {*places, *digits})


def _other_spellings(number: Decimal, counts: Iterable[int]) -> Iterator[str]:
    """The same number with more digits: behind the point, before it, and as a power of ten."""
    text = f"{number:f}"
    sign, bare = ("-", text[1:]) if text.startswith("-") else ("", text)
    point = "" if "." in text else "."
    for count in sorted({extra for each in counts for extra in (each, each + 1)} | {1, 40}):
        yield text + point + "0" * max(1, count)
        yield sign + "0" * count + bare
        if number == 0:
            yield f"{sign}0E+{min(count, 9999)}"
    yield f"{number:E}"


def _decimal_grid(t: DecimalType) -> Iterator[str]:
    low = max((Decimal(bound) for bound in (t.ge, t.gt) if bound is not None), default=None)
    high = min((Decimal(bound) for bound in (t.le, t.lt) if bound is not None), default=None)
    start, way = (low, 1) if low is not None else (high, -1) if high is not None else (Decimal(0), 1)
    most = min((each for each in (t.decimal_places, t.max_digits) if each is not None), default=6)
    for places in range(min(most, 12) + 1):
        unit = Decimal(1).scaleb(-places)
        begin = (start // unit) * unit
        yield from (f"{begin + way * unit * count:f}" for count in range(-1, 1_500))


# --- bytes ---


def _byte_counts(sent: BytesType, accepted: ScalarType) -> Iterator[int]:
    least, most = sent.min_length or 0, sent.max_length
    counts = [least, least + 1, least + 2]
    if isinstance(accepted, BytesType):
        counts += [(accepted.min_length or 0) - 1, *([] if accepted.max_length is None else [accepted.max_length + 1])]
    yield from (count for count in counts if least <= count <= (LENGTH_MAX if most is None else min(most, LENGTH_MAX)))


def _byte_texts(least: int, most: int | None) -> Iterator[str]:
    if least > LENGTH_MAX:
        return
    for length in itertools.count(least) if most is None else range(least, most + 1):
        tail = min(length, 2)
        for letters in itertools.product(range(97, 123), repeat=tail):
            yield b64encode(b"x" * (length - tail) + bytes(letters)).decode()


# --- bounds ---


def bounds(t: ScalarType) -> list[int | float | str]:
    if isinstance(t, IntType | Int64Type | FloatType | DecimalType):
        return [bound for bound in (t.ge, t.gt, t.le, t.lt) if bound is not None]
    return []


def is_whole_multiple(number: float, step: float, tolerance: Fraction = Fraction(0)) -> bool:
    """Whether `number` is a multiple of `step`, up to a share of itself."""
    one, other = Fraction(number), Fraction(step)
    return abs(one - round(one / other) * other) <= tolerance * abs(one)
