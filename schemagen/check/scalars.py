"""Whether every scalar of one type is one of another, and if not, a value that shows it.

A verdict is exact, or says that it could not be proved: `UNPROVED` is never silent.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from schemagen.check.forms import Form, ScalarType, form, int_range, opened
from schemagen.check.patterns import Unproved, example, outside
from schemagen.check.samples import LENGTH_MAX, Accepts, is_whole_multiple, near, samples
from schemagen.model.contract import MISSING, EnumType, Json, Missing
from schemagen.model.types import (
    INT_MAX,
    BoolType,
    BytesType,
    DecimalType,
    FloatType,
    IdType,
    Int64Type,
    IntType,
    LiteralType,
    Scalar,
    StringType,
)
from schemagen.wire.kinds import kind_of

NON_FINITE: Final = ("NaN", "Infinity", "-Infinity")

_MULTIPLE_TOLERANCE: Final = Fraction(1, 10**9) / 2
"""Half of what `wire/constraints.py` lets a float be off its step: the rest is for its own rounding."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Not every value fits: `witness` is one that does not, MISSING if it could not be proved that all do."""

    witness: Json | Missing


UNPROVED: Final = Outside(MISSING)


def of_kind(t: ScalarType | EnumType, kind: str) -> ScalarType:
    """The part of a scalar type whose values are of one JSON kind, which it has."""
    match t:
        case EnumType(members=members, open=is_open):
            return of_kind(LiteralType(tuple(member.value for member in members), is_open), kind)
        case LiteralType(values=values, open=is_open):
            return LiteralType(tuple(value for value in values if kind_of(value) == kind), is_open)
        case FloatType(non_finite=True) if kind == "string":
            return LiteralType(NON_FINITE)
        case FloatType(ge, gt, le, lt, multiple_of, _):
            return FloatType(ge, gt, le, lt, multiple_of)
        case _:
            return t


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two scalar types of one JSON kind, each with its validator and, for ids, the names that its table had."""

    sent: ScalarType
    accepted: ScalarType
    is_sent: Accepts
    is_accepted: Accepts
    sent_former: Sequence[str] = ()
    accepted_former: Sequence[str] = ()

    def outside(self) -> Outside | None:
        """A value of `sent` that `accepted` refuses; None if all fit."""
        finite = finite_values(self.sent)
        if finite is not None:
            return self._first(finite)
        if isinstance(self.sent, LiteralType):
            return self._first(self.sent.values) or self._opened().outside()
        if fits(self.sent, opened(self.accepted)):
            return None
        found = self._text_outside()
        if found is None or isinstance(found.witness, str):
            return found
        shown = self._first(self._tries())
        return shown if shown is not None else None if is_empty(self.sent) else UNPROVED

    def _opened(self) -> Comparison:
        base = opened(self.sent)
        return Comparison(base, self.accepted, self.is_sent, self.is_accepted, (), self.accepted_former)

    def _first(self, values: Sequence[Json] | Iterator[Json]) -> Outside | None:
        found = (value for value in values if self.is_sent(value) and not self.is_accepted(value))
        return next(map(Outside, found), None)

    def _tries(self) -> Iterator[Json]:
        yield from near(self.sent, self.accepted)
        known = finite_values(self.accepted)
        if known is not None:  # one more value than there are is enough
            yield from itertools.islice(samples(self.sent, self.is_sent), len(known) + 1)

    def _text_outside(self) -> Outside | None:
        """As `outside`, by what the two look like as text; UNPROVED where that settles nothing."""
        one, other = form(self.sent, self.sent_former), form(opened(self.accepted), self.accepted_former)
        if one is None or other is None:
            return UNPROVED
        is_settled = other.exact
        for found in _texts_outside(one, other):
            if isinstance(found, Unproved):
                is_settled = False
            elif self.is_sent(found) and not self.is_accepted(found):
                return Outside(found)
            else:  # the text only looks like one
                is_settled = False
        return None if is_settled else UNPROVED


def _texts_outside(one: Form, other: Form) -> Iterator[str | Unproved]:
    """Texts of one form that are not of another: too short, too long, or written otherwise; none if there are none."""
    windows: list[tuple[int, int | None]] = [(one.least, _least(one.most, other.least - 1))]
    if other.most is not None:
        windows.append((max(one.least, other.most + 1), one.most))
    found = [example(one.pattern, least, most) for least, most in windows if least <= LENGTH_MAX]
    if any(least > LENGTH_MAX and (most is None or least <= most) for least, most in windows):
        found.append(Unproved(f"texts of more than {LENGTH_MAX} characters"))
    if other.pattern is not None:
        least, most = max(one.least, other.least), _least(one.most, other.most)
        if most is None or least <= most:
            found.append(outside(one.pattern, other.pattern, least, most))
    yield from (each for each in found if each is not None)


def _least(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)


def finite_values(t: ScalarType) -> tuple[Scalar | float, ...] | None:
    """All values, where there are few; None where there are many."""
    match t:
        case LiteralType(values=values, open=False):
            return values
        case BoolType():
            return (True, False)
        case IntType():
            first, last, step = int_range(t)
            return tuple(range(first, last + 1, step)) if last - first < 16 * step else None
        case Int64Type():
            first, last, step = int_range(t)
            return tuple(map(str, range(first, last + 1, step))) if last - first < 16 * step else None
        case StringType(max_length=0):
            return ("",)
        case FloatType(ge=float() | int() as only, le=most) if only == most:
            return (int(only), float(only)) if float(only).is_integer() else (only,)
        case _:
            return None


def count_at_most(t: ScalarType) -> int | None:
    """More different values there are not; None if nothing is known."""
    finite = finite_values(t)
    if finite is not None:
        return len(finite)
    if isinstance(t, IntType | Int64Type):
        first, last, step = int_range(t)
        return max(0, (last - first) // step + 1)
    return 0 if is_empty(t) else None


def is_empty(t: ScalarType) -> bool:
    """Proved that the type has no value at all."""
    match t:
        case IntType() | Int64Type():
            first, last, _ = int_range(t)
            return first > last
        case FloatType() | DecimalType():
            (low, low_open), (high, high_open) = _low(t), _high(t)
            return low > -high or (low == -high and bool(low_open or high_open))
        case StringType(min_length=least, max_length=most, pattern=pattern):
            return (most is not None and (least or 0) > most) or (
                pattern is not None and (least or 0) <= LENGTH_MAX and example(pattern, least or 0, most) is None
            )
        case BytesType(min_length=least, max_length=most):
            return most is not None and (least or 0) > most
        case _:
            return False


def beyond_json(t: ScalarType, is_sent: Accepts, is_json: Accepts, *, whole_floats: bool) -> Outside | None:
    """A value that is none of `JsonValue`; None if all are.

    That takes no whole numbers beyond ±(2^53 - 1). With `whole_floats` a float may be sent as one: JavaScript writes
    2 ** 60 without a point.
    """
    listed = t.values if isinstance(t, LiteralType) else ()
    found = next((value for value in listed if is_sent(value) and not is_json(value)), MISSING)
    if not isinstance(found, Missing):
        return Outside(found)
    if not (isinstance(t, FloatType) and whole_floats):
        return None
    (low, _), (high, _) = _low(t), _high(t)
    if low >= -INT_MAX and -high <= INT_MAX:
        return None
    large = [INT_MAX + 1, -INT_MAX - 1, 2**60, -(2**60)]
    large += [int(value) for value in near(t, t) if isinstance(value, float) and value.is_integer()]
    return next((Outside(value) for value in large if is_sent(value) and not is_json(value)), UNPROVED)


# --- proofs ---


def fits(sent: ScalarType, accepted: ScalarType) -> bool:
    """Proved, by their constraints alone, that every value of `sent` is one of `accepted`."""
    match sent, accepted:
        case IntType(), IntType():
            return _int_fits(sent, accepted)
        case Int64Type(), Int64Type():
            return _int_fits(sent, accepted)
        case IntType(), FloatType():
            return _int_fits_float(sent, accepted)
        case FloatType(), FloatType():
            return _bounds_fit(sent, accepted) and _float_multiple_fits(sent.multiple_of, accepted.multiple_of)
        case DecimalType(), DecimalType():
            return _bounds_fit(sent, accepted) and _digits_fit(sent, accepted)
        case BytesType(), BytesType():
            return _lengths_fit(sent.min_length, sent.max_length, accepted.min_length, accepted.max_length)
        case Int64Type(), DecimalType():
            return _int64_fits_decimal(sent, accepted)
        case _, StringType(pattern=None):
            one = form(sent) if not isinstance(sent, IdType) else None
            return one is not None and _lengths_fit(one.least, one.most, accepted.min_length, accepted.max_length)
        case (StringType() | IdType() | LiteralType(), _):
            return False
        case _:
            return type(sent) is type(accepted)


def _int_fits(sent: IntType | Int64Type, accepted: IntType | Int64Type) -> bool:
    first, last, step = int_range(sent)
    low, high, grid = int_range(accepted)
    if first > last:
        return True
    return low <= first and last <= high and first % grid == 0 and (step % grid == 0 or first == last)


def _int_fits_float(sent: IntType, accepted: FloatType) -> bool:
    first, last, step = int_range(sent)
    if first > last:
        return True
    if accepted.multiple_of and not is_whole_multiple(step, accepted.multiple_of, _MULTIPLE_TOLERANCE):
        return False
    return (
        (accepted.ge is None or first >= accepted.ge)
        and (accepted.gt is None or first > accepted.gt)
        and (accepted.le is None or last <= accepted.le)
        and (accepted.lt is None or last < accepted.lt)
    )


def _float_multiple_fits(sent: float | None, accepted: float | None) -> bool:
    """Without tolerance: a value may use up all of it to be a multiple of the one step."""
    return not accepted or (bool(sent) and sent is not None and is_whole_multiple(sent, accepted))


def _int64_fits_decimal(sent: Int64Type, accepted: DecimalType) -> bool:
    first, last, _ = int_range(sent)
    (low, low_open), (high, high_open) = _low(accepted), _high(accepted)
    inside = low <= first and last <= -high and not (low == first and low_open) and not (-high == last and high_open)
    digits = None if accepted.max_digits is None else accepted.max_digits - (accepted.decimal_places or 0)
    return first > last or (inside and (digits is None or max(len(str(abs(first))), len(str(abs(last)))) <= digits))


def _bounds_fit(sent: FloatType | DecimalType, accepted: FloatType | DecimalType) -> bool:
    return _low(sent) >= _low(accepted) and _high(sent) >= _high(accepted)


def _low(t: FloatType | DecimalType) -> tuple[Decimal, int]:
    """The lower end: its value, and 1 if it is excluded; tighter ends compare greater."""
    ends = [(Decimal("-Infinity"), 0)]
    ends += [(Decimal(str(t.ge)), 0)] if t.ge is not None else []
    ends += [(Decimal(str(t.gt)), 1)] if t.gt is not None else []
    return max(ends)


def _high(t: FloatType | DecimalType) -> tuple[Decimal, int]:
    """The upper end, mirrored, so that tighter ends compare greater."""
    ends = [(Decimal("-Infinity"), 0)]
    ends += [(-Decimal(str(t.le)), 0)] if t.le is not None else []
    ends += [(-Decimal(str(t.lt)), 1)] if t.lt is not None else []
    return max(ends)


def _digits_fit(sent: DecimalType, accepted: DecimalType) -> bool:
    """A decimal has as many digits as it is written with, those of its power of ten included."""
    digits = sent.max_digits
    places = _least(sent.decimal_places, digits)
    if accepted.decimal_places is not None and (places is None or places > accepted.decimal_places):
        return False
    if accepted.max_digits is None:
        return True
    if digits is None or digits > accepted.max_digits:
        return False
    whole = digits - (sent.decimal_places or 0)
    return accepted.decimal_places is None or whole <= accepted.max_digits - accepted.decimal_places


def _lengths_fit(least: int | None, most: int | None, low: int | None, high: int | None) -> bool:
    return (least or 0) >= (low or 0) and (high is None or (most is not None and most <= high))
