"""The relation is held to validators that know nothing of it, over random contracts and one edit of each.

A witness may be sent and is refused; where there is none, random values do not find one either. Both by running the
wire's codec, and what `reference.py` says about results.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemagen.check.relation import Relation
from schemagen.check.views import Position, types_of
from schemagen.model import types as t
from schemagen.model.contract import AliasType, Contract, EnumType, Field, Missing, NamedType, ObjectType
from tests.check.mutations import Edit, contract_of, edited, edits, is_valid, worlds
from tests.check.reference import may_send, takes
from tests.check.soundness import (
    check_tally,
    quick,
    roots,
    run_edits,
    run_siblings,
    run_strangers,
    run_types,
    run_unchanged,
    sides,
    verdict,
)
from tests.model.strategies import contracts


def test_after_one_edit_witnesses_are_real_and_nothing_else_is_found() -> None:
    check_tally(run_edits(200))


def test_the_same_holds_for_one_edit_of_a_type() -> None:
    check_tally(run_types(800))


def test_the_same_holds_for_types_of_one_family() -> None:
    check_tally(run_siblings(600))


def test_types_that_did_not_change_need_not_be_looked_at() -> None:
    run_unchanged(80)


def test_the_same_holds_for_the_contracts_that_sdks_are_tested_with() -> None:
    check_tally(run_edits(30, contracts().filter(lambda contract: bool(contract.types))))


def test_the_same_holds_for_types_that_have_little_in_common() -> None:
    check_tally(run_strangers(30))


@quick(100)
@given(worlds().filter(is_valid), st.sampled_from(list(Position)))
def test_every_type_fits_itself(world: Contract, position: Position) -> None:
    relation = Relation(types_of(world), types_of(world), position)
    for named in world.types:
        assert verdict(relation, t.RefType(named.name), t.RefType(named.name)) == "fits", named


@quick(120)
@given(st.data(), st.sampled_from(list(Position)))
def test_what_fits_what_fits_a_third_is_not_refused_by_it(data: st.DataObject, position: Position) -> None:
    first = data.draw(worlds().filter(is_valid))
    second = data.draw(edited(first))
    third = data.draw(edited(second))
    one, two, three = map(types_of, (first, second, third))
    for root in roots(Edit(first, third)):
        chain = [verdict(Relation(one, two, position), root, root), verdict(Relation(two, three, position), root, root)]
        if chain == ["fits", "fits"]:
            assert verdict(Relation(one, three, position), root, root) != "breaks", root


@quick(100)
@given(edits(), st.sampled_from(list(Position)))
def test_names_order_and_aliases_are_no_part_of_a_verdict(edit: Edit, position: Position) -> None:
    sent, accepted = sides(edit, position)
    disguised = in_disguise(accepted)
    plain = Relation(types_of(sent), types_of(accepted), position)
    veiled = Relation(types_of(sent), types_of(disguised), position)
    for root in roots(edit):
        assert verdict(plain, root, root) == verdict(veiled, root, t.RefType(f"{root.name}2")), root


def in_disguise(contract: Contract) -> Contract:
    """Other names, fields and members turned round, aliases once unrolled and once wrapped: the same types."""
    named = {each.name: each for each in contract.types}

    def spelled(of: t.Type) -> t.Type:
        match of:
            case t.RefType(name=name):
                found = named[name]
                unrolls = isinstance(found, AliasType) and not isinstance(found.type, t.UnionType | t.RefType)
                return _renamed(found.type) if unrolls and isinstance(found, AliasType) else _renamed(of)
            case t.UnionType(members=members, tag=tag):
                others = [spelled(member) for member in members if member != t.NullType()]
                return t.UnionType((*reversed(others), *([t.NullType()] if t.NullType() in members else [])), tag)
            case t.ArrayType(item=item) | t.SetType(item=item):
                return replace(of, item=spelled(item))
            case t.TupleType(items=items):
                return t.TupleType(tuple(map(spelled, items)))
            case t.MapType(value=value):
                return replace(of, key=_renamed(of.key), value=spelled(value))
            case t.LiteralType(values=values):
                return replace(of, values=tuple(reversed(values)))
            case _:
                return of

    def disguised(found: NamedType) -> NamedType:
        name = f"{found.name}2"
        match found:
            case ObjectType(fields=fields, table=table):
                held = 2 if table is not None else 0
                turned = (*fields[:held], *reversed(fields[held:]))
                return replace(found, name=name, fields=tuple(replace(f, type=spelled(f.type)) for f in turned))
            case AliasType(type=inner):
                return replace(found, name=name, type=spelled(inner))
            case EnumType(members=members):
                return replace(found, name=name, members=tuple(reversed(members)))

    return contract_of([disguised(each) for each in contract.types], contract.tables)


def _renamed(of: t.Type) -> t.Type:
    match of:
        case t.RefType(name=name):
            return t.RefType(f"{name}2")
        case t.ArrayType(item=item) | t.SetType(item=item):
            return replace(of, item=_renamed(item))
        case t.TupleType(items=items):
            return t.TupleType(tuple(map(_renamed, items)))
        case t.UnionType(members=members, tag=tag):
            return t.UnionType(tuple(map(_renamed, members)), tag)
        case t.MapType(key=key, value=value):
            return replace(of, key=_renamed(key), value=_renamed(value))
        case _:
            return of


@quick(150)
@given(edits())
def test_arguments_are_as_results_the_other_way_where_both_are_alike(edit: Edit) -> None:
    """Without records, sets and constraints there is nothing that arguments and results treat differently."""
    old, new = types_of(edit.old), types_of(edit.new)
    args, returns = Relation(old, new, Position.ARGS), Relation(old, new, Position.RETURNS)
    for root in roots(edit):
        if all(_is_plain(root, side) for side in (edit.old, edit.new)):
            assert verdict(args, root, root) == verdict(returns, root, root), root


def _is_plain(of: t.Type, contract: Contract, seen: frozenset[str] = frozenset()) -> bool:
    match of:
        case t.RefType(name=name):
            found = contract.types_by_name[name]
            inside = isinstance(found, AliasType) and name not in seen
            return isinstance(found, EnumType) or (
                inside and isinstance(found, AliasType) and _is_plain(found.type, contract, seen | {name})
            )
        case t.SetType() | t.IdType() | t.JsonType() | t.AnyType():
            return False
        case t.FloatType(non_finite=non_finite):
            return of == t.FloatType(non_finite=non_finite)
        case t.ArrayType(item=item):
            return of == t.ArrayType(item) and _is_plain(item, contract, seen)
        case t.MapType(key=key, value=value):
            plain = of == t.MapType(key, value) and all(_is_plain(each, contract, seen) for each in (key, value))
            return plain and not isinstance(key, t.LiteralType | t.RefType)
        case t.IntType() | t.Int64Type() | t.StringType() | t.BytesType() | t.DecimalType():
            return of == type(of)()
        case _:
            return all(_is_plain(inner, contract, seen) for inner in t.children(of))


@quick(100)
@given(edits(), st.sampled_from(list(Position)), st.integers(0, 10**6))
def test_records_without_a_name_are_compared_as_those_with_one(edit: Edit, position: Position, seed: int) -> None:
    sent, accepted = sides(edit, position)
    relation = Relation(types_of(sent), types_of(accepted), position)
    for root in roots(edit):
        one, other = sent.types_by_name[root.name], accepted.types_by_name[root.name]
        if isinstance(one, ObjectType) and isinstance(other, ObjectType) and one.table is None:
            found = relation.fields(one.fields, other.fields)
            assert relation.fits(found) == (verdict(relation, root, root) == "fits")
            assert isinstance(relation.counterexample(found), Missing) == (verdict(relation, root, root) != "breaks")


@pytest.mark.parametrize("position", list(Position))
def test_the_reference_itself_tells_sent_from_accepted(position: Position) -> None:
    record = ObjectType("A", (Field("a", "a", t.IntType(), required=False), Field("b", "b", t.IntType(), True)))
    types = types_of(contract_of([record]))
    of = t.RefType("A")
    assert may_send(of, {"b": 1}, types, position) == (position is not Position.RETURNS)
    assert not takes(of, {"a": 1}, types, position, types)
    assert takes(of, {"a": 1, "b": 1, "c": 1}, types, position, types) == (position is Position.RETURNS)
