"""What stands beside a type in `Annotated[...]` and `Field(...)`: constraints, markers, the discriminator."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import annotated_types
from pydantic import AllowInfNan, Discriminator
from pydantic.fields import FieldInfo

from schemagen.declare.scalars import Int64Marker, OpenMarker
from schemagen.model.types import (
    ArrayType,
    BytesType,
    DateTimeType,
    DateType,
    DecimalType,
    FloatType,
    Int64Type,
    IntType,
    MapType,
    SetType,
    StringType,
    TimedeltaType,
    TimeType,
    Type,
)

_LOWER: Final = frozenset({"ge", "gt", "min_length"})
_UPPER: Final = frozenset({"le", "lt", "max_length", "max_digits", "decimal_places"})
_OTHER: Final = frozenset({"multiple_of", "pattern", "allow_inf_nan"})
_BOUNDS: Final = ("ge", "gt", "le", "lt")
_LENGTHS: Final = ("min_length", "max_length")


@dataclass(frozen=True, slots=True)
class Extras:
    """What an annotation says besides its type."""

    constraints: tuple[tuple[str, Any], ...] = ()
    is_open: bool = False
    is_int64: bool = False
    discriminator: str | None = None  # a Python field name

    def __bool__(self) -> bool:
        return self is not NOTHING and self != NOTHING

    def and_also(self, metadata: Iterable[object]) -> Extras:
        """With what else is said nearer to the type; of two bounds of one kind the tighter one holds."""
        merged = self
        for key, value in _facts(metadata):
            if key in ("is_open", "is_int64", "discriminator"):
                merged = replace(merged, **{key: value})
            else:
                merged = replace(merged, constraints=_with(dict(merged.constraints), key, value))
        return merged


NOTHING: Final = Extras()


def _with(constraints: dict[str, Any], key: str, value: Any) -> tuple[tuple[str, Any], ...]:
    if key in constraints and key in _LOWER:
        value = max(constraints[key], value)
    elif key in constraints and key in _UPPER:
        value = min(constraints[key], value)
    constraints[key] = value
    return tuple(constraints.items())


def _facts(metadata: Iterable[object]) -> Iterator[tuple[str, Any]]:
    for item in metadata:
        match item:
            case Int64Marker():
                yield "is_int64", True
            case OpenMarker():
                yield "is_open", True
            case FieldInfo():
                if isinstance(item.discriminator, str):
                    yield "discriminator", item.discriminator
                yield from _facts(item.metadata)
            case Discriminator(discriminator=str() as name):
                yield "discriminator", name
            case AllowInfNan(allow_inf_nan=allow):
                yield "allow_inf_nan", allow
            case annotated_types.GroupedMetadata():
                yield from _facts(item)
            case _:
                yield from _constraint_facts(item)


def _constraint_facts(item: object) -> Iterator[tuple[str, Any]]:
    """Constraints of annotated_types, each its own class, and those pydantic keeps together as attributes."""
    if type(item).__module__ == "annotated_types":
        named = [(key, getattr(item, key, None)) for key in (*_BOUNDS, *_LENGTHS, "multiple_of")]
    elif hasattr(item, "__dict__") and isinstance(item, annotated_types.BaseMetadata):
        named = list(vars(item).items())
    else:
        return  # a validator, a serializer, somebody else's: the server's business
    for key, value in named:
        if key in _LOWER | _UPPER | _OTHER and value is not None:
            yield key, value.pattern if isinstance(value, re.Pattern) else value


def constrained(t: Type, constraints: Iterable[tuple[str, Any]]) -> tuple[Type, list[str]]:
    """The type with these constraints, and the names of those that make no sense for it."""
    senseless = []
    for key, value in constraints:
        held = _constraint_of(t, key, value)
        if held is None:
            senseless.append(key)
        else:
            t = replace(t, **held)
    return t, senseless


def _constraint_of(t: Type, key: str, value: Any) -> dict[str, Any] | None:
    """The attribute of `t` that holds a constraint; {} if only the server checks it, None if it cannot apply."""
    match t:
        case IntType() | Int64Type() if key in (*_BOUNDS, "multiple_of"):
            return _integer_bound(key, value)
        case FloatType() if key in (*_BOUNDS, "multiple_of"):
            return {key: float(value)}
        case FloatType() if key == "allow_inf_nan":
            return {"non_finite": bool(value)}
        case DecimalType() if key in _BOUNDS:
            return {key: str(value)}
        case DecimalType() if key in ("max_digits", "decimal_places"):
            return {key: value}
        case DecimalType() if key == "multiple_of" or (key == "allow_inf_nan" and not value):
            return {}
        case StringType() if key in (*_LENGTHS, "pattern"):
            return {key: value}
        case BytesType() | ArrayType() | SetType() | MapType() if key in _LENGTHS:
            return {key: value}
        case DateTimeType() | DateType() | TimeType() | TimedeltaType() if key in _BOUNDS:
            return {}
        case _:
            return None


def _integer_bound(key: str, value: Any) -> dict[str, Any]:
    """A bound that is no integer (`gt=0.5`) is checked by the server alone."""
    return {key: int(value)} if value == int(value) else {}
