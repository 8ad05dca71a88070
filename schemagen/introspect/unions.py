"""Unions, once all named types are known: flat, without duplicates, with the tag that tells their objects apart."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from schemagen.introspect.diagnostics import Diagnostic
from schemagen.introspect.named import REFUSED
from schemagen.introspect.rules import types as rules
from schemagen.introspect.spot import Spot
from schemagen.model.canonical import type_text
from schemagen.model.contract import AliasType, EnumType, Field, ObjectType
from schemagen.model.types import (
    AnyType,
    ArrayType,
    BoolType,
    DecimalType,
    FloatType,
    IdType,
    Int64Type,
    IntType,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    RefType,
    Scalar,
    SetType,
    TupleType,
    Type,
    UnionType,
    children,
)
from schemagen.wire.kinds import Named, kinds, structure

_TAG_NAMES = ("kind", "type", "tag")
"""Where several fields could tell the members apart, these come first."""


def resolved(t: Type, named: Named) -> Type:
    """A type as the contract has it; its unions were as written before."""
    match t:
        case UnionType():
            return resolved_union(t, named)
        case RefType(name=name):
            return RefType(named[name].name)
        case ArrayType(item=item) | SetType(item=item):
            return replace(t, item=resolved(item, named))
        case TupleType(items=items):
            return TupleType(tuple(resolved(item, named) for item in items))
        case MapType(key=key, value=value):
            return replace(t, key=resolved(key, named), value=resolved(value, named))
        case _:
            return t


def resolved_union(union: UnionType, named: Named) -> Type:
    members = _canonical_members(union, named)
    if len(members) == 1:
        return resolved(members[0], named)
    return UnionType(tuple(resolved(member, named) for member in members), _tag(union, members, named))


def union_mistake(union: UnionType, spot: Spot, named: Named) -> Diagnostic | None:
    """Why a receiver could not tell which member was sent; None if it can."""
    members = _canonical_members(union, named)
    if any(_structure(member, named) is REFUSED for member in members):
        return None
    objects = [found for member in members if isinstance(found := _structure(member, named), ObjectType)]
    if union.tag is not None:
        mistake = _discriminator_mistake(union.tag, objects)
        if mistake is not None or len(objects) < 2:
            return rules.bad_discriminator(spot, union.tag, mistake or "is for unions of two or more models")
        if _tag(union, members, named) is None:
            return rules.bad_discriminator(spot, union.tag, "has no literal value of its own in each member")
    tagged = _tag(union, members, named) is not None
    for i, first in enumerate(members):
        for second in members[i + 1 :]:
            shared = kinds(first, named) & kinds(second, named)
            both_objects = isinstance(_structure(first, named), ObjectType) and isinstance(
                _structure(second, named), ObjectType
            )
            if shared and not (tagged and both_objects):
                return rules.ambiguous_union(
                    spot, spelled(first), spelled(second), min(shared), both_objects=both_objects
                )
            if _meet_in_python(first, second, named) or _meet_in_python(second, first, named):
                return rules.union_meets_in_python(spot, spelled(first), spelled(second))
    return None


def _meet_in_python(first: Type, second: Type, named: Named) -> bool:
    """Whether values that the wire tells apart are equal in Python, or taken for each other when a model is built."""
    match _structure(first, named), _structure(second, named):
        case Int64Type(), IntType() | FloatType():
            return True
        case LiteralType(values=values), Int64Type():
            return any(type(value) is int for value in values)
        case LiteralType(values=values), BoolType():
            return any(type(value) is int and value in (0, 1) for value in values)
        case EnumType(members=members), BoolType():
            return any(str(member.value).lower() in _LIKE_BOOL for member in members)
        case EnumType(members=members), IntType() | Int64Type() | FloatType() | DecimalType():
            return any(_is_like_number(member.value) for member in members)
        case _:
            return False


_LIKE_BOOL = {"0", "1", "true", "false", "on", "off", "yes", "no", "t", "f", "y", "n"}
"""What pydantic takes for a bool where it is lenient."""


def _is_like_number(value: Scalar) -> bool:
    try:
        float(str(value))
    except ValueError:
        return False
    return True


def endless_aliases(named: Named, plain: Container[str]) -> Iterator[str]:
    """Aliases that are defined by themselves without anything around it: `type A = A | int`.

    Those in `plain` have no name at run time, so for them also a list or dict is not enough around it.
    """
    for name in sorted(named):
        is_plain = name in plain
        todo, seen = [RefType(name)], set()
        while todo:
            at = todo.pop().name
            found = named[at]
            if isinstance(found, AliasType) and at not in seen and (at in plain or not is_plain):
                seen.add(at)
                inside = list(_references(found.type, into_containers=is_plain))
                if any(ref.name == name for ref in inside):
                    yield name
                    break
                todo += inside


def _references(t: Type, *, into_containers: bool) -> Iterator[RefType]:
    if isinstance(t, RefType):
        yield t
    elif into_containers or isinstance(t, UnionType):
        for inner in children(t):
            yield from _references(inner, into_containers=into_containers)


def _canonical_members(union: UnionType, named: Named) -> list[Type]:
    """Flat, None last, each once; an alias stays one where only None stands beside it."""
    members = list(_flat(union))
    others = [member for member in members if not isinstance(member, NullType)]
    if len(others) > 1 or (len(others) < len(members) and others and "null" in kinds(others[0], named)):
        members = [inner for member in members for inner in _expanded(member, named)]
    once = _merged_literals({type_text(member): member for member in members}.values())
    if any(isinstance(member, AnyType | JsonType) for member in once):
        once = [member for member in once if not isinstance(member, NullType)]  # which it includes
    return sorted(once, key=lambda member: isinstance(member, NullType))


def _flat(union: UnionType) -> Iterator[Type]:
    for member in union.members:
        if isinstance(member, UnionType):
            yield from _flat(member)
        else:
            yield member


def _expanded(member: Type, named: Named) -> Iterator[Type]:
    """The members of an alias of a union; anything else as it is."""
    found = _structure(member, named)
    if not isinstance(found, UnionType):
        yield member
        return
    for inner in _flat(found):
        yield from _expanded(inner, named)


def _merged_literals(members: Iterable[Type]) -> list[Type]:
    """Literals written in place are one literal, where the first of them stands."""
    merged: list[Type] = []
    at: dict[bool, int] = {}
    for member in members:
        if isinstance(member, LiteralType) and member.open in at:
            before = merged[at[member.open]]
            assert isinstance(before, LiteralType)
            known = {(type(value), value) for value in before.values}
            new = tuple(value for value in member.values if (type(value), value) not in known)
            merged[at[member.open]] = replace(before, values=before.values + new)
        else:
            if isinstance(member, LiteralType):
                at[member.open] = len(merged)
            merged.append(member)
    return merged


def _tag(union: UnionType, members: list[Type], named: Named) -> str | None:
    """The wire name of the field whose literals tell the objects apart; None without two objects or such a field."""
    objects = [found for member in members if isinstance(found := _structure(member, named), ObjectType)]
    if len(objects) < 2:
        return None
    if union.tag is not None:
        wire_names = {field.wire_name for t in objects for field in t.fields if field.name == union.tag}
        candidates = wire_names if len(wire_names) == 1 else set()
    else:
        candidates = set.intersection(*({field.wire_name for field in t.fields} for t in objects))
    ordered = sorted(candidates, key=lambda name: (_TAG_NAMES.index(name) if name in _TAG_NAMES else 9, name))
    return next((name for name in ordered if _tells_apart(name, objects, named)), None)


def _tells_apart(wire_name: str, objects: list[ObjectType], named: Named) -> bool:
    seen: set[tuple[type, Scalar]] = set()
    for t in objects:
        field = next(field for field in t.fields if field.wire_name == wire_name)
        values = _literal_values(field, named)
        if not values or seen & values:
            return False
        seen |= values
    return True


def _literal_values(field: Field, named: Named) -> set[tuple[type, Scalar]]:
    found = _structure(field.type, named)
    match found:
        case LiteralType(values=values, open=False):
            return {(type(value), value) for value in values}
        case EnumType(members=members, open=False):
            return {(type(member.value), member.value) for member in members}
        case _:
            return set()


def _discriminator_mistake(name: str, objects: list[ObjectType]) -> str | None:
    lacking = [t.name for t in objects if all(field.name != name for field in t.fields)]
    return f"is no field of {', '.join(lacking)}" if lacking else None


def _structure(t: Type, named: Named) -> Type | ObjectType | EnumType:
    return structure(t, named)


def spelled(t: Type) -> str:
    """A type as its author would write it."""
    match t:
        case RefType(name=name):
            return name
        case IdType(table=table):
            return f'Id of "{table}"'
        case LiteralType(values=values):
            return f"Literal[{', '.join(map(repr, values))}]"
        case ArrayType(item=item):
            return f"list[{spelled(item)}]"
        case SetType(item=item):
            return f"set[{spelled(item)}]"
        case TupleType(items=items):
            return f"tuple[{', '.join(map(spelled, items))}]"
        case MapType(key=key, value=value):
            return f"dict[{spelled(key)}, {spelled(value)}]"
        case NullType():
            return "None"
        case _:
            name = type(t).__name__.removesuffix("Type")
            return {"String": "str", "DateTime": "datetime", "Uuid": "UUID", "Json": "JsonValue"}.get(
                name, name if name in ("Int64", "Decimal", "Any") else name.lower()
            )
