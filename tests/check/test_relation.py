"""What fits what, in each position: the table of `docs/compatibility.md`, row by row."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from schemagen.check.pairs import Pair
from schemagen.check.relation import Relation, Unprovable, counterexample, unchanged_types
from schemagen.check.views import Position, types_of
from schemagen.model import types as t
from schemagen.model.contract import (
    MISSING,
    AliasType,
    Contract,
    EnumMember,
    EnumType,
    Field,
    Json,
    Missing,
    NamedType,
    ObjectType,
    Table,
)
from tests.check.mutations import contract_of
from tests.check.reference import may_send, takes

ARGS, RETURNS, STORED = Position.ARGS, Position.RETURNS, Position.STORED
EVERYWHERE = (ARGS, RETURNS, STORED)
FITS = MISSING

INT, FLOAT, TEXT, BOOL, NULL, ANY = t.IntType(), t.FloatType(), t.StringType(), t.BoolType(), t.NullType(), t.AnyType()


def literal(*values: t.Scalar, is_open: bool = False) -> t.LiteralType:
    return t.LiteralType(values, is_open)


def nullable(of: t.Type) -> t.UnionType:
    return t.UnionType((of, NULL))


def needed(name: str, of: t.Type) -> Field:
    return Field(name, name, of, required=True)


def optional(name: str, of: t.Type) -> Field:
    return Field(name, name, of, required=False)


@dataclass(frozen=True)
class Side:
    """A type, with the named types and tables it speaks of."""

    type: t.Type
    named: tuple[NamedType, ...] = ()
    tables: tuple[Table, ...] = (Table("people", "P"), Table("firms", "F"))

    @property
    def contract(self) -> Contract:
        return contract_of(self.named, self.tables)


def side(of: t.Type | Side) -> Side:
    return of if isinstance(of, Side) else Side(of)


def record(*fields: Field, table: str | None = None) -> Side:
    return Side(t.RefType("R"), (ObjectType("R", fields, table),))


def variants(tag: str, **members: tuple[Field, ...]) -> Side:
    """A union of records, each with its tag, which has a default."""
    made = [ObjectType(name, (optional(tag, literal(name)), *fields)) for name, fields in members.items()]
    return Side(t.UnionType(tuple(t.RefType(each.name) for each in made), tag), tuple(made))


def enum(*values: str, is_open: bool = False) -> Side:
    return Side(t.RefType("E"), (EnumType("E", tuple(EnumMember(v.upper(), v) for v in values), is_open),))


def check(sent: t.Type | Side, accepted: t.Type | Side, position: Position, expect: Json | Missing) -> None:
    """`expect` is the witness, FITS if there is none; any other value that is one is as good."""
    one, other = side(sent), side(accepted)
    old, new = types_of(one.contract), types_of(other.contract)
    found = counterexample(one.type, other.type, old, new, position)
    if not isinstance(found, Missing):
        assert may_send(one.type, found, old, position), found
        assert not takes(other.type, found, new, position, old), found
    assert json.dumps(found, default=repr) == json.dumps(expect, default=repr)


def check_both(
    sent: t.Type | Side,
    accepted: t.Type | Side,
    expect: Json | Missing,
    back: Json | Missing,
    positions: tuple[Position, ...] = EVERYWHERE,
) -> None:
    for position in positions:
        check(sent, accepted, position, expect)
        check(accepted, sent, position, back)


# --- scalars ---


def test_an_integer_is_a_float_and_not_the_other_way() -> None:
    check_both(INT, FLOAT, FITS, 0.5)


def test_whole_floats_are_sent_with_a_point_or_without() -> None:
    """Python writes 0.0 and JavaScript 0: where only whole numbers are allowed, one of them is refused."""
    check(t.FloatType(multiple_of=1.0), INT, ARGS, 0.0)
    check(t.FloatType(ge=1.0, le=1.0), literal(1), ARGS, 1.0)
    check(t.FloatType(ge=1.0, le=1.0), t.FloatType(multiple_of=0.25), ARGS, FITS)


def test_true_is_not_one() -> None:
    check_both(BOOL, INT, False, 0)
    check_both(literal(True), literal(1), True, 1)
    check_both(BOOL, literal(True, False), FITS, FITS)


@pytest.mark.parametrize("anything", [t.JsonType(), ANY])
@pytest.mark.parametrize("of", [TEXT, INT, BOOL, nullable(TEXT), t.ArrayType(INT), t.MapType(TEXT, INT)])
def test_everything_is_any_json(of: t.Type, anything: t.Type) -> None:
    for position in EVERYWHERE:
        check(of, anything, position, FITS)


def test_any_json_is_nothing_else() -> None:
    check(ANY, TEXT, ARGS, None)
    check(ANY, nullable(TEXT), RETURNS, True)
    check(ANY, t.JsonType(), STORED, FITS)
    check(t.ArrayType(ANY), t.ArrayType(TEXT), ARGS, [None])
    check(ANY, t.UnionType((BOOL, FLOAT, TEXT, t.ArrayType(INT), t.MapType(TEXT, ANY), NULL)), RETURNS, [None])


def test_a_float_may_be_a_whole_number_that_json_values_do_not_take() -> None:
    """JavaScript writes 2 ** 53 without a point; the server itself never does."""
    check(FLOAT, ANY, ARGS, 2**53)
    check(t.ArrayType(FLOAT), ANY, ARGS, [2**53])
    check(record(needed("a", FLOAT)), t.JsonType(), ARGS, {"a": 2**53})
    check(t.FloatType(ge=0.0, le=1e6), ANY, ARGS, FITS)
    check(FLOAT, ANY, RETURNS, FITS)
    check(FLOAT, ANY, STORED, FITS)


def test_values_added_to_a_literal_or_enum_are_unknown_to_who_knew_fewer() -> None:
    check_both(literal("a"), literal("a", "b"), FITS, "b")
    check_both(enum("a"), enum("a", "b"), FITS, "b")
    check_both(enum("lead"), enum("Lead"), "lead", "Lead")
    check_both(enum("a", "b"), literal("b", "a"), FITS, FITS)
    check_both(literal("a"), TEXT, FITS, "")
    check_both(literal(1, 5), t.IntType(ge=1, le=5), FITS, 2)


def test_an_open_literal_takes_values_that_are_not_listed() -> None:
    check_both(literal("a", is_open=True), literal("a", "b", is_open=True), FITS, FITS)
    check_both(literal("a"), literal("b", is_open=True), FITS, "b")
    check_both(literal("a", is_open=True), TEXT, FITS, FITS)
    check_both(literal(1, is_open=True), INT, FITS, FITS)


def test_null_is_neither_left_out_nor_anything_else() -> None:
    check_both(TEXT, nullable(TEXT), FITS, None)
    check_both(literal("a"), literal("a", None), FITS, None)
    check_both(literal("a", None), nullable(literal("a")), FITS, FITS)


def test_ids_are_text_and_of_their_table() -> None:
    people = "people_00000000000000000000000000"
    check_both(t.IdType("people"), TEXT, FITS, "")
    check_both(t.IdType("people"), t.IdType("firms"), people, people.replace("people", "firms"))
    check_both(t.IdType("people"), t.StringType(min_length=33), FITS, "a" * 34, (ARGS,))
    check_both(t.IdType("people"), t.StringType(pattern="^people_"), FITS, "people_", (ARGS,))


def test_ids_of_a_renamed_table_are_its_ids_while_it_answers_to_the_old_name() -> None:
    now = Side(t.IdType("people"), tables=(Table("people", "P", renamed_from=("humans",)),))
    before = Side(t.IdType("humans"), tables=(Table("humans", "P"),))
    forgot = Side(t.IdType("people"), tables=(Table("people", "P"),))
    old = "humans_00000000000000000000000000"
    for position in EVERYWHERE:
        check(before, now, position, FITS)
        check(before, forgot, position, old)
        check(forgot, now, position, FITS)
    check(now, forgot, ARGS, old)
    check(now, forgot, STORED, old)
    check(now, before, RETURNS, FITS)  # clients do not look at how an id begins
    check(now, t.StringType(max_length=33), ARGS, FITS)
    check(now, t.StringType(max_length=32), ARGS, "humans_0aaaaaaaaaaaaaaaaaaaaaaaaa")


@pytest.mark.parametrize(
    ("special", "text"),
    [
        (t.UuidType(), "00000000-0000-4000-8000-000000000000"),
        (t.DateType(), "2026-01-02"),
        (t.DateTimeType(), "2026-01-02T03:04:05Z"),
        (t.BytesType(), ""),
        (t.Int64Type(), "0"),
        (t.DecimalType(), "0"),
    ],
)
def test_special_text_is_text_of_a_form_and_nothing_else(special: t.Type, text: str) -> None:
    check_both(special, TEXT, FITS, "" if text else "a")
    for other in (INT, BOOL, t.ArrayType(INT)):
        check(special, other, ARGS, text)


@pytest.mark.parametrize(
    ("of", "pattern"),
    [
        (t.UuidType(), "^[0-9a-f-]{36}$"),
        (t.DateType(), r"^\d{4}-\d\d-\d\d$"),
        (t.DateTimeType(), "T.*(Z|[+-])"),
        (t.Int64Type(ge=0), "^[0-9]+$"),
        (t.BytesType(), "^[A-Za-z0-9+/]*=?=?$"),
        (t.TimedeltaType(), "P"),
        (t.DecimalType(), r"^-?\d+"),
        (literal("a1", "b2"), r"^[a-z]\d$"),
    ],
)
def test_special_text_fits_patterns_that_its_form_fits(of: t.Type, pattern: str) -> None:
    check(of, t.StringType(pattern=pattern), ARGS, FITS)


def test_a_pattern_that_a_form_does_not_fit_is_shown() -> None:
    check(t.Int64Type(), t.StringType(pattern="^[0-9]+$"), ARGS, "-1")
    check(t.UuidType(), t.StringType(max_length=35), ARGS, "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa")
    check(t.StringType(pattern=r"\A[0-9]{1,4}\Z", max_length=4), t.DecimalType(), ARGS, FITS)
    check(t.Int64Type(), t.DecimalType(), STORED, FITS)


# --- constraints ---


@pytest.mark.parametrize(
    ("tight", "loose", "shown"),
    [
        (t.IntType(ge=1), INT, 0),
        (t.IntType(gt=0), t.IntType(ge=0), 0),
        (t.IntType(le=9), t.IntType(lt=11), 10),
        (t.IntType(multiple_of=4), t.IntType(multiple_of=2), 2),
        (t.IntType(ge=0, le=2, multiple_of=2), literal(0, 1, 2), 1),
        (t.Int64Type(lt=0), t.Int64Type(), "0"),
        (t.FloatType(ge=0.0), FLOAT, -0.5),
        (t.FloatType(gt=0.0), t.FloatType(ge=0.0), 0),
        (t.FloatType(multiple_of=0.5), t.FloatType(multiple_of=0.25), -0.25),
        (t.FloatType(ge=0.5, le=0.5), t.FloatType(ge=0.0, le=1.0), 0),
        (t.DecimalType(ge="1"), t.DecimalType(), "0"),
        (t.DecimalType(max_digits=2), t.DecimalType(max_digits=3), "0.001"),
        (t.DecimalType(max_digits=4, decimal_places=2), t.DecimalType(max_digits=5, decimal_places=3), "0.001"),
        (t.DecimalType(decimal_places=2), t.DecimalType(), "0.001"),
        (t.StringType(min_length=1), TEXT, ""),
        (t.StringType(max_length=2), TEXT, "aaa"),
        (t.StringType(max_length=2), t.StringType(max_length=4), "aaa"),
        (t.StringType(pattern="^a"), TEXT, ""),
        (t.StringType(pattern="^ab*$"), t.StringType(pattern="^[ab]*$"), ""),
        (t.StringType(max_length=2, pattern="^a+$"), t.StringType(pattern="^a+$"), "aaa"),
        (t.BytesType(min_length=1), t.BytesType(), ""),
        (t.BytesType(max_length=1), t.BytesType(max_length=3), "eHg="),
        (t.ArrayType(INT, 1), t.ArrayType(INT), []),
        (t.ArrayType(INT, None, 1), t.ArrayType(INT), [0, 0]),
        (t.SetType(INT, None, 1), t.SetType(INT), [0, 1]),
        (t.SetType(INT), t.ArrayType(INT), [0, 0]),
        (t.SetType(TEXT, None, 200), t.SetType(TEXT, None, 300), None),
        (t.MapType(TEXT, INT, 1), t.MapType(TEXT, INT), {}),
        (t.MapType(TEXT, INT, None, 0), t.MapType(TEXT, INT), {"": 0}),
    ],
)
def test_a_constraint_that_is_tightened_is_felt_but_not_by_clients_reading_results(
    tight: t.Type, loose: t.Type, shown: Json
) -> None:
    for position in (ARGS, STORED):
        check(tight, loose, position, FITS)
        if shown is not None:
            check(loose, tight, position, shown)
    if not isinstance(loose, t.LiteralType):
        check(loose, tight, RETURNS, FITS)


def test_many_items_are_counted_out_where_they_have_to_differ() -> None:
    found = counterexample(t.SetType(TEXT), t.SetType(TEXT, None, 200), types_of(contract_of([])), _NOTHING, ARGS)
    assert isinstance(found, list)
    assert len(set(map(str, found))) == 201


_NOTHING = types_of(contract_of([]))


def test_decimals_have_the_digits_they_are_written_with() -> None:
    check(t.DecimalType(ge="0", le="9", decimal_places=0), t.DecimalType(max_digits=1), ARGS, "0E+1")


def test_what_cannot_be_sent_breaks_nothing() -> None:
    nothing = t.IntType(ge=5, le=3)
    for position in EVERYWHERE:
        check(nothing, TEXT, position, FITS)
        check(t.ArrayType(nothing), t.ArrayType(TEXT, None, 0), position, FITS)
        check(t.MapType(TEXT, nothing), t.MapType(TEXT, TEXT, None, 0), position, FITS)
        check(t.TupleType((nothing, INT)), TEXT, position, FITS)
        check(record(needed("a", nothing), needed("b", INT)), record(needed("b", TEXT)), position, FITS)
        check(t.SetType(literal("a"), 2), TEXT, position, FITS)
    check(record(optional("a", nothing)), record(), ARGS, FITS)
    endless = Side(t.RefType("R"), (ObjectType("R", (needed("r", t.RefType("R")),)),))
    check(endless, TEXT, ARGS, FITS)


# --- containers ---


def test_containers_are_as_their_items() -> None:
    for wrap in (t.ArrayType, lambda of: t.MapType(TEXT, of), lambda of: t.TupleType((BOOL, of))):
        for position in EVERYWHERE:
            check(wrap(INT), wrap(FLOAT), position, FITS)
    check(t.ArrayType(FLOAT), t.ArrayType(INT), ARGS, [0.5])
    check(t.MapType(TEXT, FLOAT), t.MapType(TEXT, INT), RETURNS, {"": 0.5})
    check(t.TupleType((BOOL, FLOAT)), t.TupleType((BOOL, INT)), STORED, [False, 0.5])
    check(t.ArrayType(INT, 2), t.ArrayType(TEXT, 2), ARGS, [0, 0])


def test_map_keys_are_as_their_types() -> None:
    check_both(t.MapType(literal("a"), INT), t.MapType(literal("a", "b"), INT), FITS, {"b": 0})
    check_both(t.MapType(t.UuidType(), INT), t.MapType(TEXT, INT), FITS, {"": 0})


def test_tuples_have_their_length() -> None:
    check_both(t.TupleType((INT,)), t.TupleType((INT, INT)), [0], [0, 0])
    check_both(t.TupleType(()), t.ArrayType(INT), FITS, [0], (ARGS,))
    check_both(t.TupleType((INT, INT)), t.ArrayType(INT, 2, 2), FITS, FITS, (ARGS, STORED))
    check(t.TupleType((INT, INT)), t.SetType(INT), ARGS, [0, 0])
    check(t.TupleType((literal("a"), literal("b"))), t.SetType(TEXT), ARGS, FITS)


def test_items_that_another_type_takes_for_equal_are_no_set_of_it() -> None:
    check(t.SetType(literal("1", "1.0")), t.SetType(t.DecimalType()), ARGS, ["1", "1.0"])
    check(t.SetType(literal("P1D", "PT24H"), 1), t.SetType(t.TimedeltaType()), STORED, ["P1D", "PT24H"])
    check(t.SetType(literal("1", "2")), t.SetType(t.DecimalType()), ARGS, FITS)
    check(t.MapType(literal("1", "1.0"), INT), t.MapType(t.DecimalType(), INT), ARGS, {"1": 0, "1.0": 0})
    check(t.SetType(literal("1", "1.0"), None, 1), t.SetType(t.DecimalType()), ARGS, FITS)
    check(t.SetType(t.FloatType(non_finite=True)), t.SetType(FLOAT), ARGS, ["NaN"])


# --- records ---


def test_an_optional_field_may_be_added_and_not_removed() -> None:
    bare, more = record(needed("a", INT)), record(needed("a", INT), optional("b", INT))
    check(bare, more, ARGS, FITS)
    check(more, bare, ARGS, {"a": 0, "b": 0})
    check(more, bare, RETURNS, FITS)
    check(bare, more, RETURNS, {"a": 0})
    check(bare, more, STORED, FITS)
    check(more, bare, STORED, {"a": 0, "b": 0})


def test_a_required_field_can_be_neither_added_to_arguments_nor_removed_from_anything() -> None:
    bare, more = record(needed("a", INT)), record(needed("a", INT), needed("b", INT))
    check(bare, more, ARGS, {"a": 0})
    check(more, bare, ARGS, {"a": 0, "b": 0})
    check(bare, more, RETURNS, {"a": 0})
    check(more, bare, RETURNS, FITS)
    check(bare, more, STORED, {"a": 0})
    check(more, bare, STORED, {"a": 0, "b": 0})


def test_what_may_be_left_out_is_there_in_results_alone() -> None:
    """A record inside a document may have been stored before the field was declared."""
    must, may = record(needed("a", INT)), record(optional("a", INT))
    check_both(must, may, FITS, {}, (ARGS, STORED))
    check_both(must, may, FITS, FITS, (RETURNS,))


def test_left_out_is_not_null() -> None:
    may, null = record(optional("a", INT)), record(needed("a", nullable(INT)))
    check(may, null, ARGS, {})
    check(null, may, ARGS, {"a": None})


def test_a_renamed_field_is_another_field() -> None:
    check_both(record(needed("a", INT)), record(needed("b", INT)), {"a": 0}, {"b": 0})
    check(record(optional("a", INT)), record(optional("b", INT)), ARGS, {"a": 0})


def test_a_document_is_sent_without_what_the_server_sets() -> None:
    implicit = (optional("id", t.IdType("people")), optional("creationTime", t.DateTimeType()))
    document, plain = record(*implicit, needed("a", INT), table="people"), record(needed("a", INT))
    for position in (ARGS, STORED):
        check_both(document, plain, FITS, FITS, (position,))
    check(document, plain, RETURNS, FITS)
    check(plain, document, RETURNS, {"a": 0})


def test_a_map_is_a_record_only_where_its_keys_are_the_fields() -> None:
    two = literal("a", "b")
    check(t.MapType(TEXT, INT), record(optional("a", INT)), ARGS, {"": 0})
    check(t.MapType(two, INT), record(optional("a", INT)), ARGS, {"b": 0})
    check(t.MapType(two, INT), record(optional("a", INT), optional("b", FLOAT)), ARGS, FITS)
    check(t.MapType(two, INT), record(needed("a", INT), optional("b", FLOAT)), ARGS, {})
    check(t.MapType(two, INT, 2), record(needed("a", INT), needed("b", FLOAT)), ARGS, FITS)
    check(t.MapType(two, INT, 1), record(needed("a", INT)), RETURNS, {"b": 0})
    check(t.MapType(TEXT, INT), record(), RETURNS, FITS)


def test_a_record_is_a_map_where_its_fields_are_keys() -> None:
    fields = record(needed("a", INT), optional("b", INT))
    check(fields, t.MapType(TEXT, INT), ARGS, FITS)
    check(fields, t.MapType(literal("a"), INT), ARGS, {"a": 0, "b": 0})
    check(fields, t.MapType(literal("a"), INT), RETURNS, {"a": 0, "b": 0})
    check(fields, t.MapType(TEXT, INT, 2), ARGS, {"a": 0})
    check(fields, t.MapType(TEXT, INT, None, 1), ARGS, {"a": 0, "b": 0})
    check(fields, t.MapType(TEXT, TEXT), STORED, {"a": 0})


# --- unions ---


def test_members_added_to_a_union_are_unknown_to_who_knew_fewer() -> None:
    check_both(t.UnionType((INT, TEXT)), t.UnionType((TEXT, BOOL, INT)), FITS, False)
    check_both(INT, t.UnionType((TEXT, INT)), FITS, "")


def test_variants_are_told_apart_by_their_tag() -> None:
    one = variants("kind", call=(needed("a", INT),), mail=())
    two = variants("kind", call=(needed("a", INT),), mail=(), note=())
    check_both(one, two, FITS, {"kind": "note"})


def test_a_variant_is_as_its_record() -> None:
    bare = variants("kind", call=(), mail=())
    more = variants("kind", call=(optional("a", INT),), mail=())
    must = variants("kind", call=(needed("a", INT),), mail=())
    check(bare, more, ARGS, FITS)
    check(bare, must, ARGS, {"kind": "call"})
    check(more, bare, ARGS, {"kind": "call", "a": 0})
    check(must, bare, RETURNS, FITS)
    check(bare, must, RETURNS, {"kind": "call"})


def test_tags_renamed_split_and_merged() -> None:
    one = variants("kind", call=(), mail=())
    check_both(one, variants("type", call=(), mail=()), {"kind": "call"}, {"type": "call"})
    swapped = variants("kind", call=(needed("b", INT),), mail=())
    check(one, swapped, ARGS, {"kind": "call"})
    merged = Side(
        t.UnionType((t.RefType("A"), t.RefType("B")), "kind"),
        (
            ObjectType("A", (needed("kind", literal("call", "mail")),)),
            ObjectType("B", (needed("kind", literal("note")),)),
        ),
    )
    check(one, merged, ARGS, FITS)
    check(merged, one, ARGS, {"kind": "note"})


def test_a_record_may_be_a_variant_if_its_field_is_a_tag() -> None:
    union = variants("kind", call=(), mail=())
    check(record(needed("kind", literal("call"))), union, ARGS, FITS)
    check(record(optional("kind", literal("call"))), union, ARGS, {})
    check(record(needed("kind", nullable(literal("call")))), union, ARGS, {"kind": None})
    check(record(needed("kind", TEXT)), union, ARGS, {"kind": ""})
    check(record(needed("kind", INT)), union, ARGS, {"kind": 0})
    check(record(needed("kind", t.ArrayType(INT))), union, ARGS, {"kind": []})
    check(record(), union, ARGS, {})
    check(union, record(needed("kind", literal("call", "mail"))), ARGS, FITS)  # a variant is never sent without its tag
    check(union, record(needed("kind", literal("call"))), ARGS, {"kind": "mail"})


def test_a_variant_of_two_unions_is_sent_with_the_tag_of_its_own() -> None:
    fields = (optional("kind", literal("x")), optional("type", literal("y")))
    others = (optional("kind", literal("z")), optional("type", literal("w")))
    records = (ObjectType("A", fields), ObjectType("B", others))
    members = (t.RefType("A"), t.RefType("B"))
    by_kind, by_type = Side(t.UnionType(members, "kind"), records), Side(t.UnionType(members, "type"), records)
    check(by_kind, by_type, ARGS, {"kind": "x"})
    check(by_kind, by_type, RETURNS, FITS)


def test_a_nullable_alias_of_a_tagged_union_is_told_apart_by_its_tag() -> None:
    members = variants("kind", call=(needed("a", INT),), mail=())
    alias = (*members.named, AliasType("U", members.type))
    check(Side(nullable(t.RefType("U")), alias), Side(nullable(t.RefType("U")), alias), ARGS, FITS)
    check(Side(nullable(t.RefType("U")), alias), Side(t.RefType("U"), alias), ARGS, None)


# --- names ---


def test_recursive_types_are_compared_as_what_they_unroll_to() -> None:
    tree = Side(t.RefType("T"), (AliasType("T", t.UnionType((INT, t.ArrayType(t.RefType("T"))))),))
    unrolled = t.UnionType((INT, t.ArrayType(t.UnionType((INT, t.ArrayType(t.RefType("S")))))))
    check_both(tree, Side(t.RefType("S"), (AliasType("S", unrolled),)), FITS, FITS)
    wider = Side(t.RefType("T"), (AliasType("T", t.UnionType((INT, TEXT, t.ArrayType(t.RefType("T"))))),))
    check_both(tree, wider, FITS, "")


def test_an_alias_may_hold_itself_beside_null() -> None:
    def chain(of: t.Type) -> Side:
        return Side(t.RefType("L"), (AliasType("L", t.TupleType((of, nullable(t.RefType("L"))))),))

    for position in EVERYWHERE:
        check(chain(INT), chain(FLOAT), position, FITS)
        check(chain(FLOAT), chain(INT), position, [0.5, None])


def test_what_is_wrong_deep_in_a_recursion_is_shown_from_the_top() -> None:
    def chain(of: t.Type) -> Side:
        tail = ObjectType("B", (needed("value", of), needed("next", nullable(t.RefType("R")))))
        return Side(t.RefType("R"), (ObjectType("R", (needed("tail", t.MapType(TEXT, t.RefType("B"))),)), tail))

    check(chain(FLOAT), chain(INT), ARGS, {"tail": {"": {"value": 0.5, "next": None}}})


def test_a_thousand_types_inside_each_other_are_no_trouble() -> None:
    def chain(last: t.Type) -> Side:
        links = [ObjectType(f"N{at}", (optional("next", t.RefType(f"N{at + 1}")),)) for at in range(1000)]
        return Side(t.RefType("N0"), (*links, AliasType("N1000", last)))

    check(chain(INT), chain(INT), ARGS, FITS)
    one, other = types_of(chain(FLOAT).contract), types_of(chain(INT).contract)
    relation = Relation(one, other, ARGS)
    assert not relation.fits(relation.types(t.RefType("N0"), t.RefType("N0")))


def test_types_too_deep_for_any_validator_are_not_proved() -> None:
    deep: t.Type = INT
    for _ in range(5000):
        deep = t.ArrayType(deep)
    with pytest.raises(Unprovable):
        counterexample(deep, t.ArrayType(deep), _NOTHING, _NOTHING, ARGS)


def test_a_pattern_that_is_no_regular_language_is_not_proved() -> None:
    with pytest.raises(Unprovable, match="cannot prove"):
        counterexample(t.StringType(pattern="^[a-z]+$"), t.StringType(pattern="^(?!root)"), _NOTHING, _NOTHING, ARGS)


def test_types_are_unchanged_if_all_they_reach_is_and_their_tables_answer_to_the_same_names() -> None:
    types = (
        ObjectType("A", (needed("b", t.RefType("B")),)),
        ObjectType("B", (needed("c", INT),)),
        ObjectType("C", (needed("id", t.ArrayType(t.IdType("people"))),)),
    )
    old = contract_of(types)
    assert unchanged_types(old, old) == {"A", "B", "C"}
    changed = contract_of([*types[:1], ObjectType("B", (needed("c", TEXT),)), types[2]])
    assert unchanged_types(old, changed) == {"C"}
    assert unchanged_types(old, contract_of(types, (Table("people", "P"),))) == {"A", "B"}


def test_a_pair_is_its_types_and_what_they_are_meant_as() -> None:
    plain = Pair(t.RefType("A"), t.RefType("B"))
    keys = {plain.key, Pair(t.RefType("A"), t.RefType("B"), "kind").key}
    keys |= {Pair(t.RefType("A"), t.RefType("B"), None, "kind", (value,)).key for value in ("1", 1, True)}
    assert len(keys) == 5
