"""From what the codec decodes (dicts, raw enum values, lists) to the author's own classes, by pydantic."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, TypeAlias, Union
from uuid import UUID

from annotated_types import BaseMetadata
from pydantic import JsonValue, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from schemagen.declare import Id
from schemagen.declare.renames import RenamedFrom
from schemagen.declare.scalars import Int64Marker, OpenMarker
from schemagen.model.contract import NamedType, ObjectType
from schemagen.model.types import ArrayType, MapType, SetType, TupleType, Type, UnionType, nullable
from schemagen.wire.issue import Issue, PathPart, WireError
from schemagen.wire.kinds import structure

Build: TypeAlias = Callable[[Any], Any]

_PLAIN = {str, int, float, bool, bytes, None, type(None), Decimal, UUID, datetime, date, time, timedelta, Any, object}
_HARMLESS = (Int64Marker, OpenMarker, RenamedFrom, BaseMetadata, str)  # a str is a note to the reader


def builder(annotation: Any) -> Build | None:
    """What turns a decoded value into one of `annotation`; None if it is one already.

    Raises pydantic's ValidationError where the author's own validators refuse a value.
    """
    if _is_plain(annotation):
        return None
    members = _enum_of(annotation)
    if members is not None:
        return members
    validate = TypeAdapter(annotation).validate_python
    # Lax, because the wire was strict already: only so do raw values become enum members and lists become sets.
    return lambda value: validate(value, strict=False, by_name=True, by_alias=False)


def _is_plain(annotation: Any) -> bool:
    """Whether what the codec decodes for an annotation is already a value of it, with nothing left to check."""
    origin = typing.get_origin(annotation)
    args = typing.get_args(annotation)
    if origin is Annotated:
        return _is_plain(args[0]) and all(map(_is_harmless, args[1:]))
    if origin is Literal:
        return not any(isinstance(value, Enum) for value in args)
    if origin in (Union, types.UnionType, list, dict):
        return all(map(_is_plain, args))
    if origin is tuple:
        return Ellipsis not in args and all(map(_is_plain, args))
    if annotation is JsonValue or annotation is Id or origin is Id:
        return True
    try:
        return annotation in _PLAIN
    except TypeError:  # unhashable
        return False


def _is_harmless(metadata: Any) -> bool:
    """Whether metadata of an annotation only demands what the codec has checked."""
    if isinstance(metadata, FieldInfo):
        return all(map(_is_harmless, metadata.metadata))
    return isinstance(metadata, _HARMLESS)


def _enum_of(annotation: Any) -> Build | None:
    """The members of an enum, alone, nullable or open, by value: far cheaper than a validator."""
    is_open = False
    while typing.get_origin(annotation) is Annotated:
        annotation, *metadata = typing.get_args(annotation)
        if not all(map(_is_harmless, metadata)):
            return None
        is_open = is_open or any(isinstance(each, OpenMarker) for each in metadata)
    if typing.get_origin(annotation) in (Union, types.UnionType):
        rest = [arg for arg in typing.get_args(annotation) if arg is not type(None)]
        inner = _enum_of(rest[0]) if len(rest) == 1 else None
        return None if inner is None else lambda value: None if value is None else inner(value)
    if not (isinstance(annotation, type) and issubclass(annotation, Enum)):
        return None
    members = {member.value: member for member in annotation}
    return (lambda value: members.get(value, value)) if is_open else members.__getitem__


def refused(error: ValidationError, t: Type, named: Mapping[str, NamedType], at: tuple[PathPart, ...]) -> WireError:
    """A refusal of the author's validators, with its places in wire names below `at`."""
    return WireError(
        tuple(
            Issue((*at, *_wire_path(list(each["loc"]), t, named)), each["msg"].removeprefix("Value error, "))
            for each in error.errors(include_url=False, include_context=False, include_input=False)
        )
    )


def _wire_path(loc: list[int | str], t: Type, named: Mapping[str, NamedType]) -> tuple[PathPart, ...]:
    """Pydantic's place of an error as the wire names it; cut short where pydantic names what the wire does not have."""
    if not loc:
        return ()
    found = structure(t, named)
    head, *rest = loc
    match found:
        case ObjectType(fields=fields):
            field = next((each for each in fields if head in (each.name, each.wire_name)), None)
            return () if field is None else (field.wire_name, *_wire_path(rest, field.type, named))
        case ArrayType(item=item) | SetType(item=item) if isinstance(head, int):
            return (head, *_wire_path(rest, item, named))
        case TupleType(items=items) if isinstance(head, int) and head < len(items):
            return (head, *_wire_path(rest, items[head], named))
        case MapType(value=value):
            return (head, *_wire_path(rest, value, named))
        case UnionType(members=members):
            inner = nullable(found)
            if inner is not None and not isinstance(inner, UnionType):
                return _wire_path(loc, inner, named)
            # pydantic puts the member's name first; take the first member in which the rest makes sense
            return next((path for member in members if (path := _wire_path(rest, member, named))), ())
        case _:
            return ()
