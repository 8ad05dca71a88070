"""Annotations → types."""

from __future__ import annotations

import collections.abc as abc
import dataclasses
import enum
import typing
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin
from uuid import UUID

import typing_extensions
from pydantic import AwareDatetime, BaseModel, JsonValue
from pydantic.fields import FieldInfo

from schemagen.declare.ids import Id
from schemagen.declare.reference import reference_in
from schemagen.declare.table import Table
from schemagen.introspect.aliases import AliasIndex
from schemagen.introspect.diagnostics import Diagnostic
from schemagen.introspect.metadata import NOTHING, Extras, constrained
from schemagen.introspect.named import REFUSED, NamedTypes
from schemagen.introspect.records import is_typed_dict
from schemagen.introspect.rules import references as reference_rules
from schemagen.introspect.rules import types as rules
from schemagen.introspect.scope import evaluated
from schemagen.introspect.source import SourceIndex
from schemagen.introspect.spot import Spot
from schemagen.model import types as model
from schemagen.model.types import INT_MAX, ArrayType, LiteralType, MapType, NullType, Scalar, SetType, TupleType, Type

_SCALARS: Final[dict[object, Type]] = {
    str: model.StringType(),
    bool: model.BoolType(),
    int: model.IntType(),
    float: model.FloatType(),
    bytes: model.BytesType(),
    None: NullType(),
    NoneType: NullType(),
    Decimal: model.DecimalType(),
    UUID: model.UuidType(),
    datetime: model.DateTimeType(),
    AwareDatetime: model.DateTimeType(),
    date: model.DateType(),
    time: model.TimeType(),
    timedelta: model.TimedeltaType(),
    Any: model.AnyType(),
}
_ARRAYS: Final = (list, abc.Sequence, abc.MutableSequence)
_SETS: Final = (set, frozenset, abc.Set, abc.MutableSet)
_MAPS: Final = (dict, abc.Mapping, abc.MutableMapping)
_TYPE_ALIASES: Final = tuple({typing_extensions.TypeAliasType, getattr(typing, "TypeAliasType", NoneType)} - {NoneType})

DEPTH_MAX: Final = 40
"""An annotation nested deeper than this nests without end: an alias that mentions itself in quotes."""


@dataclass
class TypeBuilder:
    """Collects named types and mistakes. Unions are left as written; `unions.py` looks at them when all are known."""

    sources: SourceIndex
    aliases: AliasIndex
    tables: dict[type[Table], str]
    """The tables of the backend and their names."""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    unions: list[tuple[model.UnionType, Spot]] = field(default_factory=list)
    maps: list[tuple[MapType, Spot]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.named = NamedTypes(self)

    def build(self, annotation: Any, spot: Spot, extras: Extras = NOTHING) -> Type:
        """The type of an annotation; of one that is refused, any, with a diagnostic."""
        if isinstance(annotation, str | typing.ForwardRef):
            text = annotation if isinstance(annotation, str) else annotation.__forward_arg__
            annotation = evaluated(annotation, spot.scope)
            if isinstance(annotation, str):
                return self.refuse(rules.unresolved_annotation(spot, text))
        if len(spot.steps) > DEPTH_MAX:
            return self.refuse(rules.endless_annotation(spot))
        if annotation is JsonValue:
            return self.constrained(model.JsonType(), spot, extras)
        scalar = _SCALARS.get(annotation) if annotation.__hash__ is not None else None
        if scalar is not None:
            is_int64 = extras.is_int64 and annotation is int
            return self.constrained(model.Int64Type() if is_int64 else scalar, spot, extras)
        origin = get_origin(annotation)
        if origin is None:
            return self._plain(annotation, spot, extras)
        args = get_args(annotation)
        if origin is Annotated:
            if any(isinstance(each, FieldInfo) and reference_in(each.metadata) for each in args[1:]):
                return self.refuse(reference_rules.misplaced_reference(spot.place, str(spot)))
            return self.build(args[0], spot, extras.and_also(args[1:]))
        if origin is Literal:
            return self._literal(annotation, spot, extras)
        if origin is Union or origin is UnionType:
            return self._union(annotation, args, spot, extras)
        if isinstance(origin, _TYPE_ALIASES):
            return self.named.type_alias(origin, args, spot, extras)
        return self.constrained(self._generic(annotation, origin, args, spot), spot, extras)

    def refuse(self, diagnostic: Diagnostic) -> Type:
        if diagnostic not in self.diagnostics:
            self.diagnostics.append(diagnostic)
        return REFUSED

    def constrained(self, t: Type, spot: Spot, extras: Extras) -> Type:
        """The type with the constraints that stand beside it."""
        if extras == NOTHING or t is REFUSED:
            return t
        made, senseless = constrained(t, extras.constraints)
        if senseless:
            self.refuse(rules.senseless_constraint(spot, senseless, t))
        if extras.is_open:
            self.refuse(rules.senseless_open(spot))
        return made

    # --- what is written as a plain name ---

    def _plain(self, annotation: Any, spot: Spot, extras: Extras) -> Type:
        if isinstance(annotation, _TYPE_ALIASES):
            return self.named.type_alias(annotation, (), spot, extras)
        if isinstance(annotation, typing.NewType):
            return self.build(annotation.__supertype__, spot, extras)
        if isinstance(annotation, type):
            if issubclass(annotation, enum.Enum):
                return self.named.enum(annotation, extras)
            if _is_record(annotation):
                return self.constrained(self.named.record(annotation, (), spot), spot, extras)
            if annotation.__module__ == "pydantic.networks" and annotation.__name__ == "EmailStr":
                return self.constrained(model.StringType(), spot, extras)
        return self.refuse(rules.unsupported_type(spot, annotation))

    # --- what is written with brackets ---

    def _generic(self, annotation: Any, origin: Any, args: tuple[Any, ...], spot: Spot) -> Type:
        wanted = 2 if origin in _MAPS else 1 if origin in (*_ARRAYS, *_SETS) else len(args)
        if len(args) != wanted:  # list[int, str] is nothing to Python but a value
            return self.refuse(rules.unsupported_type(spot, annotation))
        if origin is Id:
            return self._id(args[0], spot)
        if origin in _ARRAYS:
            return ArrayType(self.build(args[0], spot.into("list item")))
        if origin in _SETS:
            return self._set(args[0], spot)
        if origin in _MAPS:
            return self._map(args, spot)
        if origin is tuple:
            return self._tuple(args, spot)
        if isinstance(origin, type) and _is_record(origin):
            return self.named.record(origin, args, spot)
        return self.refuse(rules.unsupported_type(spot, annotation))

    def _union(self, annotation: Any, args: tuple[Any, ...], spot: Spot, extras: Extras) -> Type:
        alias = self.aliases.find(annotation, spot.mentioned)
        if alias is not None and spot.may_be(alias.name):
            return self.named.alias(alias, extras.is_open)
        lone = sum(arg is not NoneType for arg in args) == 1
        inner = dataclasses.replace(extras, discriminator=None) if lone else Extras(is_open=extras.is_open)
        step = spot if lone else spot.into("union member")
        members = tuple(NullType() if arg is NoneType else self.build(arg, step, inner) for arg in args)
        union = model.UnionType(members, extras.discriminator)
        self.unions.append((union, spot))
        return union

    def _literal(self, annotation: Any, spot: Spot, extras: Extras) -> Type:
        alias = self.aliases.find(annotation, spot.mentioned)
        if alias is not None and spot.may_be(alias.name):
            return self.named.alias(alias, extras.is_open)
        values: list[Scalar] = []
        for given in get_args(annotation):
            value = given.value if isinstance(given, enum.Enum) else given
            if not _is_scalar(value):
                return self.refuse(rules.unsupported_literal(spot, given))
            if not any(type(value) is type(other) and value == other for other in values):
                values.append(value)
        some = tuple(value for value in spot.in_order(tuple(values)) if value is not None)
        literal = LiteralType(some, extras.is_open) if some else NullType()
        return literal if len(some) in (0, len(values)) else model.UnionType((literal, NullType()))

    def _id(self, target: Any, spot: Spot) -> Type:
        target = evaluated(target, spot.scope)
        table = self.tables.get(target) if isinstance(target, type) else None
        if table is None:
            return self.refuse(rules.id_of_unknown_table(spot, target, self.tables))
        return model.IdType(table)

    def _set(self, item: Any, spot: Spot) -> Type:
        item = evaluated(item, spot.scope)
        if getattr(get_origin(item) or item, "__hash__", None) is None:
            return self.refuse(
                rules.unsupported_type(spot.into("set item"), item, "cannot be hashed, so no set holds it")
            )
        return SetType(self.build(item, spot.into("set item")))

    def _map(self, args: tuple[Any, ...], spot: Spot) -> Type:
        made = MapType(self.build(args[0], spot.into("dict key")), self.build(args[1], spot.into("dict value")))
        if made.key is not REFUSED:
            self.maps.append((made, spot))
        return made

    def _tuple(self, args: tuple[Any, ...], spot: Spot) -> Type:
        if len(args) == 2 and args[1] is Ellipsis:
            return ArrayType(self.build(args[0], spot.into("tuple item")))
        return TupleType(tuple(self.build(arg, spot.into(f"tuple item {i}")) for i, arg in enumerate(args, 1)))


def _is_record(cls: type) -> bool:
    return issubclass(cls, BaseModel) or dataclasses.is_dataclass(cls) or is_typed_dict(cls)


def _is_scalar(value: object) -> bool:
    if type(value) is int:
        return -INT_MAX <= value <= INT_MAX
    return type(value) in (str, bool, NoneType)
