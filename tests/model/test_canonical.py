"""`contract.json` is canonical: lossless, sorted, the same on every machine."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemagen.model import types as t
from schemagen.model.canonical import fingerprint, from_json, function_fingerprint, to_json, type_text
from schemagen.model.contract import (
    AliasType,
    Contract,
    EnumMember,
    EnumType,
    Field,
    Function,
    FunctionKind,
    Index,
    NamedType,
    ObjectType,
    Origin,
    Table,
)
from tests.model.strategies import contracts

T = TypeVar("T")


def arg(name: str, kind: t.Type, *, required: bool = True) -> Field:
    return Field(name, name, kind, required)


def function(returns: t.Type, *args: Field, path: str = "contacts.list", internal: bool = False) -> Function:
    module, _, name = path.rpartition(".")
    return Function(path, module, name, FunctionKind.QUERY, args, returns, internal=internal)


def contract(*functions: Function, named: tuple[NamedType, ...] = (), tables: tuple[Table, ...] = ()) -> Contract:
    return Contract(tables, named, functions, ())


@given(contracts())
def test_reading_gives_back_what_was_written(drawn: Contract) -> None:
    text = to_json(drawn)
    again = from_json(text)
    assert again == drawn
    assert to_json(again) == text


@given(contracts())
def test_it_is_json_that_ends_in_a_newline(drawn: Contract) -> None:
    text = to_json(drawn)
    assert json.loads(text)["format"] == 1
    assert text.endswith("}\n")


@given(contracts(), st.randoms())
def test_the_order_in_which_things_were_declared_does_not_show(drawn: Contract, chance: random.Random) -> None:
    def shuffled(part: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(chance.sample(part, len(part)))

    mixed = Contract(shuffled(drawn.tables), shuffled(drawn.types), shuffled(drawn.functions), shuffled(drawn.errors))
    assert to_json(mixed) == to_json(drawn)


@given(contracts())
def test_places_and_documentation_are_no_part_of_it(drawn: Contract) -> None:
    moved = replace(
        drawn,
        functions=tuple(
            replace(f, doc="other", deprecated="soon", origin=Origin("elsewhere.py", 3)) for f in drawn.functions
        ),
        errors=tuple(replace(e, doc="other") for e in drawn.errors),
    )
    assert to_json(moved) == to_json(drawn)


def test_one_line_says_one_fact() -> None:
    """Changing one field of a type changes one line."""
    before = contract(named=(ObjectType("A", (arg("x", t.IntType()), arg("y", t.StringType()))),))
    after = contract(named=(ObjectType("A", (arg("x", t.FloatType()), arg("y", t.StringType()))),))
    pairs = zip(to_json(before).splitlines(), to_json(after).splitlines(), strict=True)
    assert [pair for pair in pairs if pair[0] != pair[1]] == [
        ('        {"name": "x", "type": "int"},', '        {"name": "x", "type": "float"},')
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (t.LiteralType((1,)), t.LiteralType((True,))),
        (t.LiteralType((0,)), t.LiteralType((False,))),
        (t.LiteralType(("1",)), t.LiteralType((1,))),
        (t.LiteralType(("a",)), t.LiteralType(("a",), open=True)),
        (t.ArrayType(t.IntType()), t.SetType(t.IntType())),
        (t.JsonType(), t.AnyType()),
        (t.TupleType((t.IntType(),)), t.ArrayType(t.IntType())),
    ],
)
def test_texts_tell_types_apart_that_look_alike(one: t.Type, other: t.Type) -> None:
    assert type_text(one) != type_text(other)


def test_a_bound_of_one_is_the_same_as_of_one_point_zero() -> None:
    assert type_text(t.FloatType(ge=1)) == type_text(t.FloatType(ge=1.0))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99}', '{"format": 1, "tables": 3}', "null", '"x"'])
def test_what_is_no_contract_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"contract|format"):
        from_json(text)


def test_former_names_are_written_where_there_are_some_and_read_back() -> None:
    renamed = Contract(
        tables=(Table("contacts", "Contact", renamed_from=("persons", "people")),),
        types=(ObjectType("Contact", (replace(arg("name", t.StringType()), renamed_from=("title",)),), "contacts"),),
        functions=(replace(function(t.NullType()), renamed_from=("contacts.all", "people.list")),),
        errors=(),
    )
    text = to_json(renamed)
    assert from_json(text) == renamed
    assert text.count('"renamed_from": [') == 3
    assert '"renamed_from": ["persons", "people"]' in text and '"renamed_from": ["contacts.all", "people.list"]' in text
    assert "renamed_from" not in to_json(contract(function(t.NullType(), arg("name", t.StringType()))))


# --- fingerprints ---


@given(contracts())
@settings(max_examples=50)
def test_a_contract_and_what_clients_see_of_it_have_one_fingerprint(drawn: Contract) -> None:
    assert fingerprint(drawn) == fingerprint(drawn.public)


def test_indexes_and_internal_functions_do_not_move_the_fingerprint() -> None:
    document = ObjectType("Contact", (arg("name", t.StringType()),), table="contacts")
    bare = contract(function(t.NullType()), named=(document,), tables=(Table("contacts", "Contact"),))
    more = contract(
        function(t.NullType()),
        function(t.IntType(), path="contacts.purge", internal=True),
        named=(document,),
        tables=(Table("contacts", "Contact", (Index("by_name", ("name",)),)),),
    )
    assert fingerprint(bare) == fingerprint(more)
    assert fingerprint(bare) != fingerprint(contract(function(t.IntType()), tables=bare.tables))


def check_same_shape(one: Contract, other: Contract, *, same: bool) -> None:
    prints = [function_fingerprint(c, c.functions[0]) for c in (one, other)]
    assert (prints[0] == prints[1]) is same


def test_a_renamed_type_is_the_same_function() -> None:
    one = contract(function(t.RefType("A")), named=(ObjectType("A", (arg("x", t.IntType()),)),))
    other = contract(function(t.RefType("B")), named=(ObjectType("B", (arg("x", t.IntType()),)),))
    check_same_shape(one, other, same=True)


def test_an_alias_is_the_same_as_what_it_stands_for() -> None:
    literal = t.LiteralType(("a", "b"))
    one = contract(function(t.ArrayType(t.RefType("Stage"))), named=(AliasType("Stage", literal),))
    check_same_shape(one, contract(function(t.ArrayType(literal))), same=True)


def test_an_enum_is_the_same_as_its_values() -> None:
    enum = EnumType("Stage", (EnumMember("A", "a"), EnumMember("B", "b")))
    one = contract(function(t.RefType("Stage")), named=(enum,))
    check_same_shape(one, contract(function(t.LiteralType(("b", "a")))), same=True)


def test_a_recursive_type_is_the_same_as_one_that_is_unrolled_once() -> None:
    def node(name: str, inside: str) -> ObjectType:
        return ObjectType(name, (arg("children", t.ArrayType(t.RefType(inside))), arg("x", t.IntType())))

    one = contract(function(t.RefType("Tree")), named=(node("Tree", "Tree"),))
    other = contract(function(t.RefType("Root")), named=(node("Branch", "Branch"), node("Root", "Branch")))
    check_same_shape(one, other, same=True)


def test_a_change_deep_inside_is_another_function() -> None:
    def made(leaf: t.Type) -> Contract:
        inner = ObjectType("Inner", (arg("leaf", leaf),))
        outer = ObjectType("Outer", (arg("inner", t.ArrayType(t.RefType("Inner"))),))
        return contract(function(t.RefType("Outer")), named=(inner, outer))

    check_same_shape(made(t.IntType()), made(t.StringType()), same=False)


def test_two_recursive_types_that_differ_below_are_told_apart() -> None:
    def made(leaf: t.Type) -> Contract:
        even = ObjectType("Even", (arg("next", t.ArrayType(t.RefType("Odd"))),))
        odd = ObjectType("Odd", (arg("next", t.ArrayType(t.RefType("Even"))), arg("leaf", leaf)))
        return contract(function(t.RefType("Even")), named=(even, odd))

    check_same_shape(made(t.IntType()), made(t.FloatType()), same=False)


def test_arguments_and_what_it_raises_count() -> None:
    one = contract(function(t.NullType(), arg("x", t.IntType())))
    check_same_shape(one, contract(function(t.NullType(), arg("x", t.IntType(), required=False))), same=False)
    check_same_shape(one, contract(function(t.NullType(), arg("y", t.IntType()))), same=False)
