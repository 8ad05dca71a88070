"""A contract, changed a little here and there: what a few months do to a backend."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from schemagen.check.views import types_of
from schemagen.model import types as t
from schemagen.model.contract import (
    MISSING,
    AliasType,
    Contract,
    EnumMember,
    EnumType,
    Field,
    Function,
    Missing,
    NamedType,
    ObjectType,
)
from schemagen.model.types import Type

LEAVES: tuple[Type, ...] = (
    t.BoolType(),
    t.IntType(),
    t.FloatType(),
    t.StringType(),
    t.Int64Type(),
    t.DateType(),
    t.UuidType(),
    t.DecimalType(),
    t.LiteralType(("lead", "won")),
)


def changed(contract: Contract, chance: Random) -> Contract:
    """Another contract of the same functions; about half of the functions and types are as they were."""
    return _with_fitting_defaults(
        replace(
            contract,
            types=tuple(_named(each, chance) if chance.random() < 0.35 else each for each in contract.types),
            functions=tuple(_function(each, chance) for each in contract.functions),
        )
    )


def _with_fitting_defaults(contract: Contract) -> Contract:
    """Fields whose default is no longer of their type have none."""
    fits = types_of(contract).accepts

    def fitting(field: Field) -> Field:
        # A list is also the wire form of a set's default, which its author writes otherwise.
        is_plain = not isinstance(field.default, list | dict)
        if isinstance(field.default, Missing) or (is_plain and fits(field.type)(field.default)):
            return field
        return replace(field, required=True, default=MISSING)

    return replace(
        contract,
        types=tuple(
            replace(each, fields=tuple(map(fitting, each.fields))) if isinstance(each, ObjectType) else each
            for each in contract.types
        ),
        functions=tuple(replace(each, args=tuple(map(fitting, each.args))) for each in contract.functions),
    )


def _function(function: Function, chance: Random) -> Function:
    args, returns = function.args, function.returns
    if chance.random() < 0.4:
        args = tuple(_retyped(arg, chance) for arg in args)
    if chance.random() < 0.15:
        args = (*args, Field("extra", "extra", t.IntType(), required=chance.random() < 0.5))
        args = tuple(replace(a, default=0) if a.name == "extra" and not a.required else a for a in args)
    if chance.random() < 0.4:
        returns = _type(returns, chance)
    return replace(function, args=args, returns=returns)


def _named(named: NamedType, chance: Random) -> NamedType:
    match named:
        case ObjectType(table=None, fields=fields):
            return replace(named, fields=_fields(fields, chance))
        case EnumType(members=members):
            return replace(named, members=_members(members, chance))
        case AliasType(type=t.UnionType()) | ObjectType():
            return named
        case AliasType(type=inner):
            return replace(named, type=_inside(inner, chance))


def _fields(fields: tuple[Field, ...], chance: Random) -> tuple[Field, ...]:
    free = [f for f in fields if not isinstance(f.type, t.LiteralType)]  # a literal may be a tag
    added = Field("added_later", "addedLater", t.IntType(), required=chance.random() < 0.5)
    match chance.choice(["add", "drop", "retype", "retype", "demand"]):
        case "add" if all(f.name != added.name for f in fields):
            return (*fields, added if added.required else replace(added, default=1))
        case "drop" if free:
            gone = chance.choice(free)
            return tuple(f for f in fields if f is not gone)
        case "retype" if free:
            one = chance.choice(free)
            return tuple(_retyped(f, chance) if f is one else f for f in fields)
        case "demand":
            demanded = free[0] if free else None
            return tuple(replace(f, required=True, default=MISSING) if f is demanded else f for f in fields)
        case _:
            return fields


def _retyped(field: Field, chance: Random) -> Field:
    found = _type(field.type, chance)
    return field if found == field.type else replace(field, type=found, required=True, default=MISSING)


def _members(members: tuple[EnumMember, ...], chance: Random) -> tuple[EnumMember, ...]:
    if len(members) > 1 and chance.random() < 0.5:
        return members[1:]
    new = "added later" if isinstance(members[0].value, str) else 77
    return (*members, EnumMember("ADDED_LATER", new))


def _type(kind: Type, chance: Random) -> Type:
    """The type, changed at its top or somewhere inside."""
    match chance.choice(["inside", "inside", "inside", "null", "list", "leaf"]):
        case "null":
            return _null_toggled(kind)
        case "list":
            return t.ArrayType(kind)
        case "leaf" if not isinstance(kind, t.UnionType):
            return chance.choice(LEAVES)
        case _:
            return _inside(kind, chance)


def _null_toggled(kind: Type) -> Type:
    if isinstance(kind, t.UnionType):
        return t.nullable(kind) or kind
    if isinstance(kind, t.RefType | t.JsonType | t.AnyType | t.NullType):
        return kind  # it might be null already
    return t.UnionType((kind, t.NullType()))


def _inside(kind: Type, chance: Random) -> Type:
    match kind:
        case t.IntType():
            return _one([t.FloatType(), t.IntType(), t.IntType(ge=0, lt=100), t.IntType(multiple_of=5)], chance)
        case t.FloatType():
            return _one([t.IntType(), t.FloatType(), t.FloatType(ge=-1.5, le=1.5)], chance)
        case t.StringType():
            return _one([t.StringType(), t.StringType(min_length=1, max_length=5), t.DateType()], chance)
        case t.BytesType():
            return _one([t.BytesType(), t.BytesType(max_length=4), t.StringType()], chance)
        case t.Int64Type():
            return _one([t.Int64Type(), t.Int64Type(gt=0), t.DecimalType(), t.StringType()], chance)
        case t.LiteralType(values=values, open=is_open) if all(isinstance(value, str) for value in values):
            more = t.LiteralType((*values, "added later"), is_open)
            fewer = t.LiteralType(values[:1], is_open)
            return _one([more, fewer, t.LiteralType(values, not is_open)], chance)
        case t.ArrayType(item=item):
            return _one([t.ArrayType(_type(item, chance)), t.ArrayType(item, 1, 2), t.ArrayType(item)], chance)
        case t.TupleType(items=items) if items:
            return _one([t.TupleType(items[:-1]), t.TupleType((_type(items[0], chance), *items[1:]))], chance)
        case t.MapType(key=key, value=value):
            return _one([t.MapType(key, _type(value, chance)), t.MapType(t.StringType(), value)], chance)
        case t.UnionType(members=members) if t.NullType() in members and len(members) == 2 and kind.tag is None:
            return members[0]
        case _:
            return kind


def _one(types: list[Type], chance: Random) -> Type:
    return chance.choice(types)
