"""Named types: models, enums and aliases. Each is looked at once, after it was first mentioned."""

from __future__ import annotations

import dataclasses
import enum
import sys
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, RootModel

from schemagen.declare.table import Table
from schemagen.introspect.aliases import Alias, value_key
from schemagen.introspect.diagnostics import Place, origin_of
from schemagen.introspect.enums import enum_type
from schemagen.introspect.field_names import meeting_names, reserved_names
from schemagen.introspect.generics import (
    arguments_by_class,
    arguments_of,
    generic_parts,
    lacks_arguments,
    substituted,
)
from schemagen.introspect.metadata import NOTHING, Extras
from schemagen.introspect.model_settings import model_mistakes
from schemagen.introspect.records import (
    RawField,
    dataclass_fields,
    is_refused_typed_dict,
    is_typed_dict,
    model_fields,
    typed_dict_fields,
)
from schemagen.introspect.rules import names as name_rules
from schemagen.introspect.rules import references as reference_rules
from schemagen.introspect.rules import types as rules
from schemagen.introspect.scope import evaluated
from schemagen.introspect.spot import Spot
from schemagen.introspect.type_names import type_name
from schemagen.model.canonical import type_text
from schemagen.model.contract import MISSING, AliasType, EnumType, Field, NamedType, ObjectType
from schemagen.model.types import AnyType, DateTimeType, IdType, RefType, Type

if TYPE_CHECKING:
    from schemagen.introspect.annotations import TypeBuilder


REFUSED: Final = AnyType()
"""Stands for a type that was refused (told by identity); the contract is not built then."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Who has a type name."""

    key: Hashable
    place: Place | None


class NamedTypes:
    def __init__(self, builder: TypeBuilder) -> None:
        self.by_name: dict[str, NamedType] = {}
        self.defaults: dict[str, list[RawField]] = {}
        """Fields of objects that have a default, by the object's name; it is encoded when all types are known."""
        self.may_be_absent: dict[str, list[RawField]] = {}
        """Keys of TypedDicts that a value need not have, by the name of the type."""
        self.plain_aliases: set[str] = set()
        """Names of aliases that Python does not know, such as `Stage = Literal[...]`."""
        self._builder = builder
        self._claims: dict[str, Claim] = {}
        self._todo: list[Callable[[], None]] = []

    def finish(self) -> None:
        """Look at everything that was mentioned, and at what that mentions."""
        while self._todo:
            self._todo.pop()()

    def finished(self) -> dict[str, NamedType]:
        """All named types by name. One that was refused stands there as an alias of what stands for refused types."""
        self.finish()
        for name, named in list(self.by_name.items()):
            # An enum that is used only as Open[...] keeps its own name; the key here stays, for references to it.
            if isinstance(named, EnumType) and named.open and named.name.removeprefix("Open") not in self._claims:
                self.by_name[name] = dataclasses.replace(named, name=named.name.removeprefix("Open"))
        missing = {name: AliasType(name, REFUSED) for name in self._claims if name not in self.by_name}
        return {**self.by_name, **missing}

    @property
    def places(self) -> dict[str, Place | None]:
        """Where each named type is declared."""
        return {name: claim.place for name, claim in self._claims.items()}

    def field(self, raw: RawField, outside: Spot | None = None) -> Field:
        """A field without its default. `outside`: where the generic type that has it got its arguments."""
        if raw.refers:
            self._builder.refuse(reference_rules.misplaced_reference(raw.spot.place, str(raw.spot)))
        t = self._builder.build(raw.annotation, raw.spot.reaching(outside), raw.extras)
        origin = raw.spot.place.origin if raw.spot.place else None
        return Field(
            raw.name, raw.wire_name, t, raw.required, MISSING, raw.doc, raw.deprecated, origin, raw.renamed_from
        )

    def checked_names(self, raws: Iterable[RawField], cls: type, described: str) -> list[RawField]:
        """The fields whose names can be had."""
        raws = list(raws)
        reserved = {raw.name: mistake for raw, mistake in reserved_names(raws, cls)}
        for mistake in (*meeting_names(raws, described), *reserved.values()):
            self._builder.refuse(mistake)
        return [raw for raw in raws if raw.name not in reserved]

    # --- enums ---

    def enum(self, cls: type[enum.Enum], extras: Extras) -> Type:
        name = f"Open{cls.__name__}" if extras.is_open else cls.__name__
        place = self._builder.sources.class_place(cls)

        def look() -> None:
            made = enum_type(cls, name, extras.is_open, self._builder.sources)
            if isinstance(made, EnumType):
                self.by_name[name] = made
            else:
                self._builder.refuse(rules.unsupported_enum(place, cls, made))

        return self._mention(name, (cls, extras.is_open), place, look)

    # --- pydantic models, dataclasses, TypedDicts ---

    def record(self, cls: type, args: tuple[Any, ...], spot: Spot) -> Type:
        builder = self._builder
        if is_refused_typed_dict(cls):
            return builder.refuse(rules.refused_typed_dict(spot, cls))
        generic, args = generic_parts(cls, args)
        if issubclass(cls, Table) and cls not in builder.tables:
            return builder.refuse(rules.unsupported_type(spot, cls, "is a base class of tables and no table itself"))
        if lacks_arguments(generic, args):
            return builder.refuse(rules.unsupported_type(spot, generic, "needs its type arguments in brackets"))
        types = [builder.build(arg, spot.into(f"argument {i} of {generic.__name__}")) for i, arg in enumerate(args, 1)]
        name = self._instance_name(types, generic.__name__)
        return self._mention(
            name,
            (generic, tuple(map(type_text, types))),
            builder.sources.class_place(generic),
            lambda: self._look_at_record(name, cls, generic, args, spot),
        )

    def _look_at_record(self, name: str, cls: type, generic: type, args: tuple[Any, ...], spot: Spot) -> None:
        sources = self._builder.sources
        outside = spot if args else None
        place = sources.class_place(generic)
        doc, deprecated, origin = self._doc(generic), _deprecation(generic), origin_of(place)
        raws = self.checked_names(self._raw_fields(cls, args), cls, generic.__name__)
        if issubclass(cls, Table):
            raws = [dataclasses.replace(raw, refers=False) for raw in raws]
        if issubclass(cls, BaseModel):
            for mistake in model_mistakes(cls, generic.__name__, sources):
                self._builder.refuse(mistake)
        if issubclass(cls, RootModel):
            inner = self._builder.build(raws[0].annotation, raws[0].spot.reaching(outside), raws[0].extras)
            self.by_name[name] = AliasType(name, inner, doc, deprecated, origin)
            return
        table = self._builder.tables.get(cls) if issubclass(cls, Table) else None
        fields = [*([] if table is None else _document_fields(table)), *(self.field(raw, outside) for raw in raws)]
        self.defaults[name] = [raw for raw in raws if raw.default is not MISSING]
        self.may_be_absent[name] = [raw for raw in raws if raw.may_be_absent]
        self.by_name[name] = ObjectType(name, tuple(fields), table, doc, deprecated, origin)

    def _raw_fields(self, cls: type, args: tuple[Any, ...]) -> Iterable[RawField]:
        sources = self._builder.sources
        if issubclass(cls, BaseModel):  # pydantic has put in the arguments itself
            return model_fields(cls, sources)
        raws = typed_dict_fields(cls, sources) if is_typed_dict(cls) else dataclass_fields(cls, sources)
        arguments = arguments_by_class(cls, args)
        return (
            dataclasses.replace(raw, annotation=substituted(raw.annotation, arguments.get(raw.owner or cls, {})))
            for raw in raws
        )

    def _doc(self, cls: type) -> str:
        found = self._builder.sources.of_class(cls)
        if found is not None:
            return found.doc
        doc = vars(cls).get("__doc__") or ""
        return "" if doc.startswith(f"{cls.__name__}(") else cleandoc(doc)  # what dataclass() writes is no doc

    # --- aliases ---

    def alias(self, alias: Alias, is_open: bool) -> Type:
        """A plain alias, `Stage = Literal[...]`. `Open[Stage]` is a name of its own."""
        name = f"Open{alias.name}" if is_open and not alias.is_open else alias.name
        spot = Spot(f"alias {alias.name}", alias.place, vars(alias.module), defines=alias.name)
        spot = spot.mentioning(alias.expression)

        def look() -> None:
            t = self._builder.build(alias.value, spot, Extras(is_open=True) if is_open else NOTHING)
            self.by_name[name] = AliasType(name, t, alias.doc, None, origin_of(alias.place))

        self.plain_aliases.add(name)
        return self._mention(name, ("alias", value_key(alias.value), is_open), alias.place, look)

    def type_alias(self, alias: Any, args: tuple[Any, ...], spot: Spot, extras: Extras) -> Type:
        """`type Stage = ...`, with parameters or without."""
        builder = self._builder
        types = [builder.build(arg, spot.into(f"argument {i} of {alias.__name__}")) for i, arg in enumerate(args, 1)]
        name = ("Open" if extras.is_open else "") + self._instance_name(types, alias.__name__)
        source = builder.sources.of_module(alias.__module__)
        node = source.assigned.get(alias.__name__) if source else None
        place = source.place(node) if source and node else None
        module = sys.modules.get(alias.__module__ or "")
        here = Spot(f"alias {alias.__name__}", place, vars(module) if module else spot.scope)
        here = here.mentioning(getattr(node, "value", None)).reaching(spot if args else None)

        def look() -> None:
            value = substituted(evaluated(_value_of(alias), here.scope), arguments_of(alias, args))
            t = builder.build(value, here, Extras(is_open=True) if extras.is_open else NOTHING)
            doc = source.docs.get(alias.__name__, "") if source else ""
            self.by_name[name] = AliasType(name, t, doc, None, origin_of(place))

        return self._mention(name, (alias, tuple(map(type_text, types)), extras.is_open), place, look)

    # --- names ---

    def _instance_name(self, types: Iterable[Type], generic: str) -> str:
        documents = {table: cls.__name__ for cls, table in self._builder.tables.items()}
        return "".join(type_name(t, documents) for t in types) + generic

    def _mention(self, name: str, key: Hashable, place: Place | None, look: Callable[[], None]) -> RefType:
        """A reference; the first one of its name also puts the type itself on the list."""
        claim = self._claims.get(name)
        if claim is None:
            self._claims[name] = Claim(key, place)
            self._todo.append(look)
        elif claim.key != key:
            self._builder.refuse(name_rules.duplicate_type_name(name, claim.place, place))
        return RefType(name)


def _value_of(alias: Any) -> Any:
    """What a `type` statement stands for, or the name in it that is unknown: it is evaluated only now."""
    try:
        return alias.__value__
    except NameError as error:
        return str(error.name)


def _document_fields(table: str) -> list[Field]:
    return [
        Field("id", "id", IdType(table), required=False),
        Field("creation_time", "creationTime", DateTimeType(), required=False),
    ]


def _deprecation(cls: type) -> str | None:
    reason = vars(cls).get("__deprecated__")
    return reason if isinstance(reason, str) else None
