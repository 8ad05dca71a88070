"""Random values of types, those near the edges more often than others."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from random import Random

from schemagen.check.views import Position, Types
from schemagen.model import types as t
from schemagen.model.contract import EnumType, Json, ObjectType
from schemagen.model.ids import format_id
from schemagen.wire.decode import input_fields
from schemagen.wire.kinds import structure
from tests.check.reference import may_send

_WORDS = (
    "",
    "a",
    "b",
    "ab",
    "abc",
    "a1",
    "zz",
    "1",
    "2026",
    "2026-00-01",
    "12",
    "-5",
    "a\n",
    "A b",
    "é",
    "x" * 41,
    "name",
    "kind",
)
_DECIMALS = ("0", "-0", "0E+3", "00", "1", "1.50", "0.001", "12.345", "1E+5", "99.99", "100", "-1", "5", "9999", "1e-9")
_TEXTS: dict[type, tuple[str, ...]] = {
    t.UuidType: ("00000000-0000-4000-8000-000000000001", "123e4567-e89b-42d3-a456-426614174000"),
    t.DateTimeType: ("2026-01-02T00:00:00Z", "2026-01-02T01:00:00+01:00", "1999-12-31T23:59:59.5-11:30"),
    t.DateType: ("2026-01-02", "0001-01-01", "9999-12-31"),
    t.TimeType: ("00:00:00", "23:59:59.000001", "12:34:56.1"),
    t.TimedeltaType: ("P1D", "PT24H", "-PT0.5S", "PT0S", "P1DT1H1M1.000001S"),
    t.BytesType: ("", "eA==", "eHg=", "eHh4", "eHh4eA=="),
}
_ANYTHING: tuple[Json, ...] = (
    None, True, 0, 0.5, -1, "a", "2026-01-02", [], ["a"], [[1]], {}, {"name": 1}, {"kind": "c"},
)  # fmt: skip


class NoValue(Exception):
    """None was found by chance."""


class Values:
    """Values that a sender may send in one position, by chance."""

    def __init__(self, types: Types, position: Position, random: Random) -> None:
        self.types = types
        self.position = position
        self.random = random

    def of(self, t_: t.Type, count: int) -> Iterator[Json]:
        for _ in range(count):
            try:
                value = self._value(t_, 4)
            except NoValue:
                continue
            if may_send(t_, value, self.types, self.position):
                yield value

    def _value(self, of: t.Type, depth: int) -> Json:
        if depth < -6:
            raise NoValue
        found = structure(of, self.types.named)
        match found:
            case t.ArrayType(item=item) | t.SetType(item=item):
                count = (found.min_length or 0) + self._few(depth)
                alike = isinstance(found, t.ArrayType) and self.random.random() < 0.3
                value = [self._value(item, depth - 1) for _ in range(count)]
                return value[:1] * count if alike else value
            case t.TupleType(items=items):
                return [self._value(item, depth - 1) for item in items]
            case t.MapType(key=key, value=inner):
                count = (found.min_length or 0) + self._few(depth)
                return {str(self._value(key, depth - 1)): self._value(inner, depth - 1) for _ in range(count)}
            case ObjectType():
                return self._record(found, depth)
            case t.UnionType(members=members):
                return self._value(self.random.choice(members), depth)
            case EnumType(members=members):
                extra = [self._word()] if found.open else []
                return self.random.choice([*(member.value for member in members), *extra])
            case t.LiteralType(values=values):
                return self.random.choice([*values, *([self._other(values[0])] if found.open else [])])
            case _:
                return self._scalar(found)

    def _few(self, depth: int) -> int:
        return 0 if depth <= 0 else self.random.choice((0, 1, 1, 2, 3))

    def _record(self, found: ObjectType, depth: int) -> Json:
        fields = found.fields if self.position is Position.RETURNS else input_fields(found)
        out: dict[str, Json] = {}
        for field in fields:
            is_left_out = depth <= 0 or self.random.random() < 0.4
            if self.position is not Position.RETURNS and not field.required and is_left_out and field.name != "kind":
                continue
            if field.name == "kind" and not field.required and self.random.random() < 0.2:
                continue
            out[field.wire_name] = self._value(field.type, depth - 1)
        return out

    def _word(self) -> str:
        return self.random.choice(_WORDS)

    def _other(self, value: t.Scalar) -> Json:
        return self._word() if isinstance(value, str) else self.random.choice((True, False, 7, -1, 0))

    def _scalar(self, found: t.Type | NamedScalar) -> Json:
        choose = self.random.choice
        match found:
            case t.NullType():
                return None
            case t.BoolType():
                return choose((True, False))
            case t.IntType():
                return self._whole(found, t.INT_MAX)
            case t.Int64Type():
                return str(self._whole(found, t.INT64_MAX))
            case t.FloatType():
                return self._float(found)
            case t.DecimalType():
                ends = [
                    f"{Decimal(end) + choose((0, 1, -1))}" for end in (found.ge, found.gt, found.le, found.lt) if end
                ]
                return choose((*_DECIMALS, *ends))
            case t.StringType():
                return choose((self._word(), *(self._word() for _ in range(3)), "a" * (found.min_length or 0)))
            case t.IdType(table=table):
                names = (table, *self.types.former_tables.get(table, ()))
                return format_id(choose(names), self.random.getrandbits(100))
            case t.JsonType() | t.AnyType():
                return choose(_ANYTHING)
            case _:
                return choose(_TEXTS[type(found)])

    def _whole(self, found: t.IntType | t.Int64Type, most: int) -> int:
        ends = [end for end in (found.ge, found.gt, found.le, found.lt) if end is not None]
        near = self.random.choice([0, 0, most, -most, *ends])
        return near + self.random.choice((0, 1, -1, 2, 5, 10, -5)) * self.random.choice((1, found.multiple_of or 1))

    def _float(self, found: t.FloatType) -> Json:
        if found.non_finite and self.random.random() < 0.3:
            return self.random.choice(("NaN", "Infinity", "-Infinity"))
        ends = [float(end) for end in (found.ge, found.gt, found.le, found.lt) if end is not None]
        near = self.random.choice([0.0, 0.0, 1e300, -0.0, *ends])
        value = near + self.random.choice((0.0, 1.0, -1.0, 0.25, 0.5, 2.0, 99.0, 1e-9, math.ulp(near)))
        if self.position is Position.ARGS and value.is_integer() and self.random.random() < 0.5:
            return self.random.choice((int(value), 2**53, 2**60) if abs(value) < 2**70 else (2**60,))
        return value


NamedScalar = EnumType | ObjectType
