"""Small backends for the engine's tests: declared in the test files, turned into contracts by a few lines of our own.

The real way is `schemagen.introspect`; rooms are tested without the rooms above them.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import BaseModel, JsonValue

from schemagen import AppError, DocumentNotFound, Id, Query, ReferencedDocument, Table, UniqueConflict
from schemagen.declare.functions import Action, Declared
from schemagen.declare.reference import reference_in
from schemagen.declare.renames import RenamedFrom
from schemagen.model import types as t
from schemagen.model.contract import (
    MISSING,
    Contract,
    EnumMember,
    EnumType,
    ErrorType,
    Field,
    Function,
    FunctionKind,
    Index,
    NamedType,
    ObjectType,
    OnDelete,
    Reference,
    SearchIndex,
)
from schemagen.model.contract import Table as TableContract
from schemagen.model.naming import camel_case, function_path, public_name

_SCALARS: dict[Any, t.Type] = {
    str: t.StringType(),
    bool: t.BoolType(),
    int: t.IntType(),
    float: t.FloatType(),
    bytes: t.BytesType(),
    Decimal: t.DecimalType(),
    UUID: t.UuidType(),
    datetime: t.DateTimeType(),
    date: t.DateType(),
    time: t.TimeType(),
    timedelta: t.TimedeltaType(),
    type(None): t.NullType(),
    None: t.NullType(),
    Any: t.AnyType(),
}


@dataclasses.dataclass(frozen=True)
class Backend:
    contract: Contract
    functions: dict[str, Declared[Any, Any, Any]]
    tables: dict[str, type[Table]]


def backend_of(
    *declared: Declared[Any, Any, Any], tables: Sequence[type[Table]], errors: Sequence[type[AppError]] = ()
) -> Backend:
    """The backend of some functions, all in module `app`: their paths are `app.list`, `app.create`, …"""
    names = _Names()
    table_contracts = [names.table(table) for table in tables]
    own_errors = [DocumentNotFound, ReferencedDocument, UniqueConflict]
    functions = {}
    contracts = []
    for function in declared:
        path = function_path("app", function.__name__)
        functions[path] = function
        hints = typing.get_type_hints(function.handler, include_extras=True)
        parameters = function.handler.__kwdefaults__ or {}
        args = [name for name in hints if name not in ("ctx", "return")]
        contracts.append(
            Function(
                path=path,
                module="app",
                name=public_name(function.__name__),
                kind=_kind(function),
                args=tuple(
                    Field(name, camel_case(name), names.type_of(hints[name]), required=name not in parameters)
                    for name in args
                ),
                returns=names.type_of(hints["return"]),
                raises=(),
                internal=function.internal,
                renamed_from=function.former_names,
            )
        )
    contract = Contract(
        tables=tuple(sorted(table_contracts, key=lambda each: each.name)),
        types=tuple(sorted(names.found.values(), key=lambda each: each.name)),
        functions=tuple(sorted(contracts, key=lambda each: each.path)),
        errors=tuple(names.error(error) for error in (*own_errors, *errors)),
    )
    return Backend(contract, functions, {table.table_name: table for table in tables})


def _kind(function: Declared[Any, Any, Any]) -> FunctionKind:
    if isinstance(function, Query):
        return FunctionKind.QUERY
    return FunctionKind.ACTION if isinstance(function, Action) else FunctionKind.MUTATION


class _Names:
    def __init__(self) -> None:
        self.found: dict[str, NamedType] = {}

    def table(self, table: type[Table]) -> TableContract:
        self.type_of(table)
        declared = sorted(table.indexes().items())
        indexes = tuple(Index(name, each.fields, unique=each.unique) for name, each in declared)
        searches = tuple(
            SearchIndex(name, each.text_field, each.filters) for name, each in sorted(table.search_indexes().items())
        )
        references = tuple(self._references(table))
        return TableContract(
            table.table_name,
            table.__name__,
            indexes,
            searches,
            references=references,
            renamed_from=table.former_names,
        )

    def _references(self, table: type[Table]) -> Iterator[Reference]:
        for name, info in sorted(table.model_fields.items()):
            declared = reference_in(info.metadata)
            if declared is not None:
                found = self.type_of(info.annotation)
                target = t.nullable(found) or found
                assert isinstance(target, t.IdType)
                yield Reference(name, target.table, OnDelete(declared.on_delete))

    def error(self, error: type[AppError]) -> ErrorType:
        hints = typing.get_type_hints(error)
        fields = dataclasses.fields(error)  # type: ignore[arg-type]  # AppError makes its subclasses dataclasses
        return ErrorType(
            error.code,
            error.__name__,
            tuple(Field(f.name, camel_case(f.name), self.type_of(hints[f.name]), required=True) for f in fields),
        )

    def type_of(self, annotation: Any) -> t.Type:
        origin, args = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            return self._constrained(self.type_of(args[0]), args[1:])
        if origin is Id:
            target = args[0]
            name = target.__forward_arg__.lower() + "s" if isinstance(target, typing.ForwardRef) else target.table_name
            return t.IdType(name)
        if origin is Literal:
            return t.LiteralType(args)
        if origin in (Union, types.UnionType):
            members = [self.type_of(arg) for arg in args if arg is not type(None)]
            return t.UnionType((*members, *([t.NullType()] if type(None) in args else [])))
        if origin is list:
            return t.ArrayType(self.type_of(args[0]))
        if origin is set:
            return t.SetType(self.type_of(args[0]))
        if origin is dict:
            return t.MapType(self.type_of(args[0]), self.type_of(args[1]))
        if annotation is JsonValue:
            return t.JsonType()
        if annotation in _SCALARS:
            return _SCALARS[annotation]
        return self._named(annotation)

    def _constrained(self, found: t.Type, metadata: tuple[Any, ...]) -> t.Type:
        changes: dict[str, Any] = {}
        for each in metadata:
            for inner in getattr(each, "metadata", [each]):
                match inner:
                    case Ge(ge):
                        changes["ge"] = ge
                    case Le(le):
                        changes["le"] = le
                    case MinLen(length):
                        changes["min_length"] = length
                    case MaxLen(length):
                        changes["max_length"] = length
                    case _:
                        pass
        return dataclasses.replace(found, **changes) if changes else found

    def _named(self, cls: Any) -> t.Type:
        name = cls.__name__.replace("[", "").replace("]", "")
        if name not in self.found:
            if issubclass(cls, Enum):
                self.found[name] = EnumType(name, tuple(EnumMember(each.name, each.value) for each in cls))
            else:
                assert issubclass(cls, BaseModel)
                self.found[name] = ObjectType(name, ())  # recursive models meet it
                self.found[name] = ObjectType(name, tuple(self._fields(cls)), _table_name(cls))
        return t.RefType(name)

    def _fields(self, cls: type[BaseModel]) -> Iterator[Field]:
        if _table_name(cls) is not None:
            yield Field("id", "id", t.IdType(_table_name(cls) or ""), required=False)
            yield Field("creation_time", "creationTime", t.DateTimeType(), required=False)
        for name, info in cls.model_fields.items():
            annotation = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
            default = info.default if isinstance(info.default, str | int | float | bool | None) else MISSING
            former = next((each.names for each in info.metadata if isinstance(each, RenamedFrom)), ())
            yield Field(
                name, camel_case(name), self.type_of(annotation), info.is_required(), default, renamed_from=former
            )


def _table_name(cls: type[BaseModel]) -> str | None:
    return cls.table_name if issubclass(cls, Table) else None
