"""The names of the fields of one object, and of the arguments of one function: which cannot be had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pydantic import BaseModel

from schemagen.declare.errors import AppError
from schemagen.declare.table import Table
from schemagen.introspect.diagnostics import Diagnostic
from schemagen.introspect.records import RawField
from schemagen.introspect.rules import names as rules
from schemagen.introspect.scope import own_annotations

_OF_DOCUMENTS: Final = ("id", "creation_time")
_OF_TABLES: Final = frozenset(name for name in dir(Table) if not name.startswith("__"))
_OF_MODELS: Final = frozenset(name for name in dir(BaseModel) if not name.startswith("__"))
_OF_ERRORS: Final = frozenset({"code", *(name for name in dir(AppError) if not name.startswith("__"))})


def reserved_names(raws: Iterable[RawField], cls: type) -> Iterator[tuple[RawField, Diagnostic]]:
    """The fields of a model, dataclass, TypedDict or error that cannot be called so."""
    for raw in raws:
        why = _why_reserved(raw, cls)
        if why is not None:
            owner, fix = _declared_in(raw.name, cls), _other_name(raw)
            yield raw, rules.reserved_field(raw.spot.place, raw.name, owner, why, fix)


def meeting_names(raws: Iterable[RawField], described: str, what: str = "fields") -> Iterator[Diagnostic]:
    first: dict[str, RawField] = {}
    for raw in raws:
        before = first.setdefault(raw.wire_name, raw)
        if before is not raw:
            both = f'{what} "{before.name}" and "{raw.name}" of {described}'
            shown = f"both are {raw.wire_name} on the wire"
            yield rules.names_meet(both, "", "", shown, before.spot.place, raw.spot.place)


def _why_reserved(raw: RawField, cls: type) -> str | None:
    if raw.wire_name == "__proto__":
        return "__proto__ is not a plain key of an object in JavaScript"
    if issubclass(cls, Table) and (raw.name in _OF_DOCUMENTS or raw.wire_name in ("id", "creationTime")):
        return "every document has an id and a creation time, which the server sets"
    if issubclass(cls, Table) and raw.name in _OF_TABLES:
        return f"Table.{raw.name} is something else, so {cls.__name__}.{raw.name} would be no column"
    if issubclass(cls, BaseModel) and raw.name in _OF_MODELS:
        return f"every pydantic model already has a method of that name, BaseModel.{raw.name}"
    if issubclass(cls, AppError) and raw.name in _OF_ERRORS:
        return f"every error already has {raw.name}"
    return None


def _other_name(raw: RawField) -> str:
    if raw.name in _OF_DOCUMENTS or raw.wire_name == "__proto__":
        return "give it another name"
    return f"call it {raw.name}_ (the underscore is dropped on the wire), or something else"


def _declared_in(name: str, cls: type) -> str:
    return next((base.__name__ for base in cls.__mro__ if name in own_annotations(base)), cls.__name__)
