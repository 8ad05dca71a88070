"""Hypothesis strategies: types of the contract, and for each the Python values that an author would return."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from schemagen.model import types as t
from schemagen.model.contract import AliasType, EnumType, Field, NamedType, ObjectType
from schemagen.model.ids import format_id, uuid7

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC) | OFFSETS)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6) | (
    st.integers(-(10**12), 10**12).map(Decimal)
)
IDS = st.builds(uuid7, st.integers(0, 2**48 - 1), st.integers(0, 2**74 - 1))
INTS = st.integers(-t.INT_MAX, t.INT_MAX)
INTS64 = st.integers(t.INT64_MIN, t.INT64_MAX)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
DURATIONS = st.timedeltas(timedelta(days=-999_999_998), timedelta(days=999_999_998))
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | INTS | FLOATS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)

LEAVES: list[t.Type] = [
    t.BoolType(),
    t.IntType(),
    t.Int64Type(),
    t.FloatType(),
    t.FloatType(non_finite=True),
    t.StringType(),
    t.BytesType(),
    t.DecimalType(),
    t.UuidType(),
    t.DateTimeType(),
    t.DateType(),
    t.TimeType(),
    t.TimedeltaType(),
    t.IdType("contacts"),
    t.LiteralType(("lead", "won", 3, True)),
    t.JsonType(),
]
KEYS: list[t.Type] = [
    t.StringType(),
    t.UuidType(),
    t.DateType(),
    t.Int64Type(),
    t.IdType("contacts"),
    t.LiteralType(("a", "b")),
]
HASHABLE: list[t.Type] = [t.IntType(), t.StringType(), t.DateType(), t.UuidType(), t.BytesType(), t.Int64Type()]
CASES = ("cat", "dog")


def types(named: list[NamedType]) -> st.SearchStrategy[t.Type]:
    """Types of any depth; the objects inside are added to `named`."""
    return st.recursive(st.sampled_from(LEAVES), lambda inner: _compound(inner, named), max_leaves=8)


def _compound(inner: st.SearchStrategy[t.Type], named: list[NamedType]) -> st.SearchStrategy[t.Type]:
    return st.one_of(
        inner.map(t.ArrayType),
        st.sampled_from(HASHABLE).map(t.SetType),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: t.TupleType(tuple(items))),
        st.builds(t.MapType, st.sampled_from(KEYS), inner),
        inner.map(_or_null),
        st.lists(inner, max_size=4).map(lambda fields: _object(fields, named)),
        st.lists(inner, max_size=2).map(lambda fields: _tagged(fields, named)),
    )


def _or_null(inner: t.Type) -> t.Type:
    if isinstance(inner, t.JsonType | t.UnionType):
        return inner
    return t.UnionType((inner, t.NullType()))


def _object(fields: list[t.Type], named: list[NamedType], *first: Field) -> t.RefType:
    name = f"Object{len(named)}"
    rest = tuple(Field(f"field_{at}", f"field{at}", found, required=True) for at, found in enumerate(fields))
    named.append(ObjectType(name, (*first, *rest)))
    return t.RefType(name)


def _tagged(fields: list[t.Type], named: list[NamedType]) -> t.Type:
    members = [_object(fields, named, Field("kind", "kind", t.LiteralType((case,)), required=True)) for case in CASES]
    alias = AliasType(f"Alias{len(named)}", t.UnionType(tuple(members), "kind"))
    named.append(alias)
    return t.RefType(alias.name)


def values(found: t.Type, named: Mapping[str, NamedType]) -> st.SearchStrategy[Any]:
    """Python values of a type, constraints aside; objects are dicts by Python name."""
    match found:
        case t.NullType():
            return st.none()
        case t.BoolType():
            return st.booleans()
        case t.IntType():
            return INTS
        case t.Int64Type():
            return INTS64
        case t.FloatType(non_finite=non_finite):
            return FLOATS | st.sampled_from([math.inf, -math.inf]) if non_finite else FLOATS
        case t.StringType():
            return TEXT
        case t.BytesType():
            return st.binary(max_size=8)
        case t.DecimalType():
            return DECIMALS
        case t.UuidType():
            return st.uuids()
        case t.DateTimeType():
            return MOMENTS
        case t.DateType():
            return st.dates(date(1, 1, 1))
        case t.TimeType():
            return st.times()
        case t.TimedeltaType():
            return DURATIONS
        case t.IdType(table=table):
            return IDS.map(lambda value: format_id(table, value))
        case t.LiteralType(values=allowed):
            return st.sampled_from(allowed)
        case t.ArrayType(item=item):
            return st.lists(values(item, named), max_size=3)
        case t.SetType(item=item):
            return st.sets(values(item, named), max_size=3)
        case t.TupleType(items=items):
            return st.tuples(*(values(item, named) for item in items))
        case t.MapType(key=key, value=value):
            return st.dictionaries(values(key, named), values(value, named), max_size=3)
        case t.UnionType(members=members):
            return st.one_of(*(values(member, named) for member in members))
        case t.RefType(name=name):
            return _named_values(named[name], named)
        case t.JsonType() | t.AnyType():
            return JSON_VALUES


def _named_values(found: NamedType, named: Mapping[str, NamedType]) -> st.SearchStrategy[Any]:
    match found:
        case AliasType(type=inner):
            return values(inner, named)
        case EnumType(members=members):
            return st.sampled_from([member.value for member in members])
        case ObjectType(fields=fields):
            return st.fixed_dictionaries({field.name: values(field.type, named) for field in fields})


def as_decoded(value: Any) -> Any:
    """A value as the decoder gives it back: sets become lists."""
    match value:
        case set():
            return sorted(value, key=repr)
        case dict():
            return {key: as_decoded(item) for key, item in value.items()}
        case list():
            return [as_decoded(item) for item in value]
        case tuple():
            return tuple(as_decoded(item) for item in value)
        case _:
            return value


def same(first: Any, second: Any) -> bool:
    """Equality that tells 1 from True and from 1.0, and a list that was a set from its order."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if isinstance(first, list | tuple) and type(first) is type(second):
        return len(first) == len(second) and all(map(same, first, second))
    return type(first) is type(second) and first == second
