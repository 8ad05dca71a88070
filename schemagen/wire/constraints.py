"""Bounds, lengths and patterns: what a type demands beyond its kind. Checked on Python values, in both directions."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sized
from decimal import Decimal
from typing import Any, TypeAlias

from schemagen.model.types import (
    ArrayType,
    BytesType,
    DecimalType,
    FloatType,
    Int64Type,
    IntType,
    MapType,
    SetType,
    StringType,
)

Check: TypeAlias = Callable[[Any], str | None]
"""What is wrong with a value; None if nothing is."""

Constrained: TypeAlias = (
    IntType | Int64Type | FloatType | DecimalType | StringType | BytesType | ArrayType | SetType | MapType
)


def constraint(t: Constrained) -> Check | None:
    """All constraints of `t` as one check; None if it has none."""
    checks = tuple(_checks(t))
    if len(checks) <= 1:
        return checks[0] if checks else None
    return lambda value: next((mistake for check in checks if (mistake := check(value)) is not None), None)


def _checks(t: Constrained) -> Iterator[Check]:
    match t:
        case IntType() | Int64Type():
            yield from _bounds(t.ge, t.gt, t.le, t.lt)
            if t.multiple_of is not None:
                yield _int_multiple(t.multiple_of)
        case FloatType():
            yield from _bounds(t.ge, t.gt, t.le, t.lt)
            if t.multiple_of is not None:
                yield _float_multiple(t.multiple_of)
        case DecimalType():
            yield from _bounds(*(None if text is None else Decimal(text) for text in (t.ge, t.gt, t.le, t.lt)))
            if t.max_digits is not None or t.decimal_places is not None:
                yield _decimal_digits(t.max_digits, t.decimal_places)
        case StringType():
            yield from _lengths(t.min_length, t.max_length, "characters")
            if t.pattern is not None:
                yield _pattern(t.pattern)
        case BytesType():
            yield from _lengths(t.min_length, t.max_length, "bytes")
        case ArrayType() | SetType() | MapType():
            yield from _lengths(t.min_length, t.max_length, "items")


def _bounds(ge: Any, gt: Any, le: Any, lt: Any) -> Iterator[Check]:
    # "not (a >= b)" rather than "a < b": NaN is within no bounds.
    if ge is not None:
        yield lambda value: None if value >= ge else f"must be at least {ge}"
    if gt is not None:
        yield lambda value: None if value > gt else f"must be more than {gt}"
    if le is not None:
        yield lambda value: None if value <= le else f"must be at most {le}"
    if lt is not None:
        yield lambda value: None if value < lt else f"must be less than {lt}"


def _int_multiple(step: int) -> Check:
    return lambda value: None if value % step == 0 else f"must be a multiple of {step}"


def _float_multiple(step: float) -> Check:
    def check(value: float) -> str | None:
        whole = math.isfinite(value) and abs(math.remainder(value, step)) <= abs(value) * 1e-9
        return None if whole else f"must be a multiple of {step}"

    return check


def _decimal_digits(max_digits: int | None, decimal_places: int | None) -> Check:
    def check(value: Decimal) -> str | None:
        _, digits, exponent = value.as_tuple()
        assert isinstance(exponent, int)  # only finite decimals get here
        places = max(0, -exponent)
        total = max(len(digits) + max(0, exponent), places)
        if decimal_places is not None and places > decimal_places:
            return f"must have at most {decimal_places} decimal places"
        if max_digits is not None and total > max_digits:
            return f"must have at most {max_digits} digits"
        if max_digits is not None and decimal_places is not None and total - places > max_digits - decimal_places:
            return f"must have at most {max_digits - decimal_places} digits before the decimal point"
        return None

    return check


def _lengths(least: int | None, most: int | None, unit: str) -> Iterator[Check]:
    def too_short(value: Sized) -> str | None:
        assert least is not None
        return None if len(value) >= least else f"must have at least {least} {unit}, has {len(value)}"

    def too_long(value: Sized) -> str | None:
        assert most is not None
        return None if len(value) <= most else f"must have at most {most} {unit}, has {len(value)}"

    if least:
        yield too_short
    if most is not None:
        yield too_long


def _pattern(pattern: str) -> Check:
    search = re.compile(pattern).search
    return lambda value: None if search(value) is not None else f"must match the pattern {pattern}"
