"""How records are sent and accepted in each position: the producer is closed, and who accepts is strict or tolerant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import assert_never

from schemagen.model.contract import Contract, Field, Json, NamedType, ObjectType
from schemagen.model.renames import former_tables
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
    Type,
)
from schemagen.wire.decode import input_fields
from schemagen.wire.decoders import Decoders
from schemagen.wire.issue import WireError
from schemagen.wire.kinds import FormerTables, Structure


class Position(StrEnum):
    """Who sends to whom."""

    ARGS = "args"
    """Clients send; what they may leave out may be missing, and the server refuses what it does not know."""
    RETURNS = "returns"
    """The server sends every field; clients ignore fields they do not know, and check no constraints."""
    STORED = "stored"
    """Documents written under one schema, read under another: as arguments. A record inside a document may lack what
    may be left out, for it may have been written before the field was declared."""


@dataclass(frozen=True)
class Types:
    """One side's named types, and the validator that goes with them."""

    named: Mapping[str, NamedType]
    former_tables: FormerTables

    @cached_property
    def decoders(self) -> Decoders:
        return Decoders(self.named, former_tables=self.former_tables)

    def accepts(self, t: Type) -> Callable[[Json], bool]:
        """The validator of a type without records inside."""
        decode = self.decoders.decoder(t)

        def accepts(value: Json) -> bool:
            try:
                decode(value)
            except WireError:
                return False
            return True

        return accepts


def types_of(contract: Contract) -> Types:
    return Types(contract.types_by_name, former_tables(contract))


@dataclass(frozen=True, slots=True)
class SentField:
    name: str  # on the wire
    type: Type
    always: bool  # or may it be left out?


def sent_fields(t: ObjectType, position: Position) -> tuple[SentField, ...]:
    """What a sender of `t` puts into an object."""
    match position:
        case Position.ARGS | Position.STORED:
            return tuple(SentField(f.wire_name, f.type, f.required) for f in input_fields(t))
        case Position.RETURNS:
            return tuple(SentField(f.wire_name, f.type, always=True) for f in t.fields)
        case _:
            assert_never(position)


def accepted_fields(t: ObjectType, position: Position) -> tuple[Field, ...]:
    """What a receiver of `t` knows; `required` says whether it has to be there."""
    match position:
        case Position.ARGS | Position.STORED:
            return input_fields(t)
        case Position.RETURNS:
            return tuple(f if f.required else replace(f, required=True) for f in t.fields)
        case _:
            assert_never(position)


def refuses_unknown(position: Position) -> bool:
    return position is not Position.RETURNS


def as_received(t: Structure, position: Position) -> Structure:
    """`t` as its receiver checks it: the SDKs check no constraints in results, and read a set as they read a list."""
    if position is not Position.RETURNS:
        return t
    match t:
        case IntType():
            return IntType()
        case Int64Type():
            return Int64Type()
        case FloatType(non_finite=non_finite):
            return FloatType(non_finite=non_finite)
        case StringType():
            return StringType()
        case BytesType():
            return BytesType()
        case DecimalType():
            return DecimalType()
        case ArrayType(item=item) | SetType(item=item):
            return ArrayType(item)
        case MapType(key=key, value=value):
            return MapType(key, value)
        case _:
            return t
