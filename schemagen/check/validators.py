"""What a sender may send and what a receiver accepts, decided by running the decoders of the wire on a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property

from schemagen.check.views import Position, Types, as_received
from schemagen.model.contract import AliasType, EnumType, Field, Json, NamedType, ObjectType
from schemagen.model.types import (
    ArrayType,
    MapType,
    RefType,
    SetType,
    TupleType,
    Type,
    UnionType,
)
from schemagen.wire.decoders import Decoders
from schemagen.wire.issue import WireError
from schemagen.wire.kinds import FormerTables, kind_of, kinds, structure, tag_field, tag_values


class Sender:
    """What may be sent of the types of one contract, in one position."""

    def __init__(self, types: Types, position: Position) -> None:
        self.types = types
        self.position = position

    def sends(self, t: Type, value: Json) -> bool:
        return _passes(self._decoders.decoder(t), value)

    def sends_fields(self, fields: tuple[Field, ...], value: Json) -> bool:
        """The fields of a record without a name."""
        sent = _all_required(fields) if self.position is Position.RETURNS else fields
        return _passes(self._decoders.fields_decoder(sent), value)

    @cached_property
    def _decoders(self) -> Decoders:
        if self.position is not Position.RETURNS:
            return self.types.decoders
        named = {name: _sent_whole(t) for name, t in self.types.named.items()}
        return Decoders(named, former_tables=self.types.former_tables)


class Receiver:
    """What is accepted as of the types of one contract, in one position."""

    def __init__(self, types: Types, position: Position, sent: Types) -> None:
        self.types = types
        self.position = position
        self._sent = sent

    def accepts(self, t: Type, value: Json) -> bool:
        if self.position is not Position.RETURNS:
            return _passes(self.types.decoders.decoder(t), value)
        return _passes(lambda each: self._decoders.decoder(_received(t))(_pruned(t, each, self.types.named)), value)

    def accepts_fields(self, fields: tuple[Field, ...], value: Json) -> bool:
        """As the fields of a record without a name."""
        if self.position is not Position.RETURNS:
            return _passes(self.types.decoders.fields_decoder(fields), value)
        record = ObjectType("", fields)
        decode = self._decoders.fields_decoder(_received_fields(fields))
        return _passes(lambda each: decode(_pruned_record(record, each, self.types.named)), value)

    @cached_property
    def _decoders(self) -> Decoders:
        named = {name: _received_named(t) for name, t in self.types.named.items()}
        return Decoders(named, former_tables=self._tables())

    def _tables(self) -> FormerTables:
        """A client takes the ids of a renamed table for those of the table it knows."""
        known = {table: set(names) for table, names in self.types.former_tables.items()}
        for table, names in self._sent.former_tables.items():
            for name in names:
                known.setdefault(name, set()).update((table, *names))
        return {table: tuple(sorted(names)) for table, names in known.items()}


def _passes(decode: Callable[[Json], object], value: Json) -> bool:
    try:
        decode(value)
    except (WireError, RecursionError):
        return False
    return True


def _sent_whole(t: NamedType) -> NamedType:
    """Results have every field, those of documents that the server sets too."""
    return replace(t, table=None, fields=_all_required(t.fields)) if isinstance(t, ObjectType) else t


def _all_required(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple(replace(field, required=True) for field in fields)


def _received_named(t: NamedType) -> NamedType:
    match t:
        case ObjectType(fields=fields):
            return replace(t, table=None, fields=_received_fields(fields))
        case AliasType(type=inner):
            return replace(t, type=_received(inner))
        case EnumType():
            return t


def _received_fields(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple(replace(field, required=True, type=_received(field.type)) for field in fields)


def _received(t: Type) -> Type:
    """A type as a client checks it in results: without constraints, at any depth."""
    if isinstance(t, RefType):
        return t
    found = as_received(t, Position.RETURNS)
    match found:
        case ArrayType(item=item):
            return ArrayType(_received(item))
        case TupleType(items=items):
            return TupleType(tuple(map(_received, items)))
        case MapType(key=key, value=value):
            return MapType(_received(key), _received(value))
        case UnionType(members=members, tag=tag):
            return UnionType(tuple(map(_received, members)), tag)
        case ObjectType() | EnumType():
            raise AssertionError("records and enums have names")
        case _:
            return found


def _pruned(t: Type, value: Json, named: Mapping[str, NamedType]) -> Json:
    """`value` without the fields that a client does not know."""
    match structure(t, named), value:
        case ((ArrayType(item=item) | SetType(item=item)), list()):
            return [_pruned(item, each, named) for each in value]
        case TupleType(items=items), list() if len(items) == len(value):
            return [_pruned(item, each, named) for item, each in zip(items, value, strict=True)]
        case MapType(value=inside), dict():
            return {key: _pruned(inside, each, named) for key, each in value.items()}
        case ObjectType() as record, dict():
            return _pruned_record(record, value, named)
        case UnionType(members=members, tag=tag), _:
            for member in members:
                if kind_of(value) in kinds(member, named) and _is_meant(member, tag, value, named):
                    return _pruned(member, value, named)
            return value
        case _:
            return value


def _pruned_record(record: ObjectType, value: Json, named: Mapping[str, NamedType]) -> Json:
    if not isinstance(value, dict):
        return value
    known = {field.wire_name: field.type for field in record.fields}
    return {name: _pruned(known[name], each, named) for name, each in value.items() if name in known}


def _is_meant(member: Type, tag: str | None, value: Json, named: Mapping[str, NamedType]) -> bool:
    found = structure(member, named)
    if tag is None or not isinstance(found, ObjectType) or not isinstance(value, dict):
        return True
    held = value.get(tag)
    return any(type(each) is type(held) and each == held for each in tag_values(tag_field(found, tag), named))
