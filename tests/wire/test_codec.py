"""What the wire takes and gives, and what it says of everything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from schemagen.model import types as t
from schemagen.model.contract import AliasType, EnumMember, EnumType, Field, NamedType, ObjectType
from schemagen.wire.codec import Codec
from schemagen.wire.issue import ISSUES_MAX, WireError
from tests.wire import strategies

ID = "contacts_01h455vb4pex5vsknk084sn02q"


def required(name: str, found: t.Type) -> Field:
    head, *rest = name.split("_")
    return Field(name, head + "".join(part.title() for part in rest), found, required=True)


POINT = ObjectType("Point", (required("x_axis", t.IntType()), Field("label", "label", t.StringType(), False, "none")))
TREE = ObjectType("Tree", (required("value", t.IntType()), required("children", t.ArrayType(t.RefType("Tree")))))
CAT = ObjectType("Cat", (required("kind", t.LiteralType(("cat",))), required("lives", t.IntType())))
DOG = ObjectType("Dog", (required("kind", t.LiteralType(("dog",))), required("good", t.BoolType())))
PET = AliasType("Pet", t.UnionType((t.RefType("Cat"), t.RefType("Dog")), "kind"))
COLOR = EnumType("Color", (EnumMember("RED", "red"), EnumMember("BLUE", "blue")))
SIZE = EnumType("Size", (EnumMember("S", 1), EnumMember("L", 2)), open=True)
CONTACT = ObjectType(
    "Contact",
    (
        Field("id", "id", t.IdType("contacts"), False),
        Field("creation_time", "creationTime", t.DateTimeType(), False),
        required("full_name", t.StringType()),
    ),
    table="contacts",
)
NAMED: dict[str, NamedType] = {n.name: n for n in (POINT, TREE, CAT, DOG, PET, COLOR, SIZE, CONTACT)}
codec = Codec(NAMED)


def mistakes(call: Any, value: object) -> list[str]:
    with pytest.raises(WireError) as caught:
        call(value)
    return [str(issue) for issue in caught.value.issues]


def check_decode(found: t.Type, value: Any, expect: object) -> None:
    decoded = codec.decoder(found)(value)
    assert decoded == expect and type(decoded) is type(expect)


def check_refused(found: t.Type, value: Any, *expect: str) -> None:
    assert mistakes(codec.decoder(found), value) == list(expect)


def check_unsent(found: t.Type, value: object, *expect: str) -> None:
    assert mistakes(codec.encoder(found), value) == list(expect)


# --- round trips ---


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_every_value_comes_back_as_it_went(data: st.DataObject) -> None:
    named: list[NamedType] = []
    found = data.draw(strategies.types(named))
    by_name = {each.name: each for each in named}
    value = data.draw(strategies.values(found, by_name))
    mine = Codec(by_name)
    wire = orjson.loads(orjson.dumps(mine.encoder(found)(value)))
    back = mine.decoder(found)(wire)
    assert strategies.same(_sorted_sets(found, back, by_name), strategies.as_decoded(value))
    assert orjson.dumps(mine.encoder(found)(value)) == orjson.dumps(wire)


def _sorted_sets(found: t.Type, value: Any, named: dict[str, NamedType]) -> Any:
    """Lists that were sets in one order, whatever the order on the wire."""
    match found:
        case t.SetType():
            return sorted(value, key=repr)
        case t.ArrayType(item=item):
            return [_sorted_sets(item, each, named) for each in value]
        case t.TupleType(items=items):
            return tuple(_sorted_sets(item, each, named) for item, each in zip(items, value, strict=True))
        case t.MapType(value=item):
            return {key: _sorted_sets(item, each, named) for key, each in value.items()}
        case t.UnionType(members=members):
            if value is None or len(members) > 2 or t.NullType() not in members:
                tagged = [named[m.name] for m in members if isinstance(m, t.RefType)] if value is not None else []
                for member in tagged:
                    assert isinstance(member, ObjectType)
                    if value["kind"] in getattr(member.fields[0].type, "values", ()):
                        return _sorted_sets(t.RefType(member.name), value, named)
                return value
            return _sorted_sets(members[0], value, named)
        case t.RefType(name=name):
            inner = named[name]
            if isinstance(inner, AliasType):
                return _sorted_sets(inner.type, value, named)
            assert isinstance(inner, ObjectType)
            return {field.name: _sorted_sets(field.type, value[field.name], named) for field in inner.fields}
        case _:
            return value


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_what_is_decoded_at_all_is_encoded_again(data: st.DataObject) -> None:
    """Whatever JSON comes, a decoder refuses it by `WireError` or gives a value that its encoder takes."""
    found = data.draw(st.sampled_from(strategies.LEAVES))
    try:
        value = codec.decoder(found)(data.draw(strategies.JSON_VALUES))
    except WireError as error:
        assert error.issues
    else:
        codec.encoder(found)(value)


# --- scalars ---


def test_scalars_are_what_they_say() -> None:
    check_decode(t.IntType(), 3, 3)
    check_decode(t.FloatType(), 3, 3.0)
    check_decode(t.BoolType(), True, True)
    check_decode(t.NullType(), None, None)
    check_decode(t.Int64Type(), "-9223372036854775808", -(2**63))
    check_decode(t.BytesType(), "AP8=", b"\x00\xff")
    check_decode(t.DecimalType(), "12.50", Decimal("12.50"))
    check_decode(t.UuidType(), "00000000-0000-4000-8000-000000000001", UUID("00000000-0000-4000-8000-000000000001"))
    check_decode(t.DateTimeType(), "2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    check_decode(t.TimeType(), "03:04:05.5", time(3, 4, 5, 500_000))
    check_decode(t.TimedeltaType(), "-P1DT2.5S", -timedelta(days=1, seconds=2.5))
    check_decode(t.TimedeltaType(), "PT1H30M", timedelta(minutes=90))
    check_decode(t.IdType("contacts"), ID, ID)


def test_a_value_of_another_kind_is_refused() -> None:
    check_refused(t.IntType(), "1", 'expected an integer, got string "1"')
    check_refused(t.IntType(), True, "expected an integer, got boolean true")
    check_refused(t.IntType(), 1.0, "expected an integer, got number 1.0")
    check_refused(t.BoolType(), 1, "expected a boolean, got number 1")
    check_refused(t.StringType(), None, "expected a string, got null")
    check_refused(t.FloatType(), "NaN", 'expected a number, got string "NaN"')
    check_refused(t.NullType(), [], "expected null, got array")
    check_refused(t.ArrayType(t.IntType()), {}, "expected an array, got object")
    check_refused(t.RefType("Point"), [], "expected an object, got array")


def test_integers_that_javascript_cannot_hold_are_refused_both_ways() -> None:
    check_decode(t.IntType(), 2**53 - 1, 2**53 - 1)
    check_refused(t.IntType(), 2**53, "must be within ±(2^53 − 1): a JSON number carries no larger integer exactly")
    check_unsent(t.IntType(), -(2**53), "must be within ±(2^53 − 1): declare Int64 for larger integers")
    check_refused(
        t.JsonType(),
        {"a": [2**53]},
        "a[0]: must be within ±(2^53 − 1): a JSON number carries no larger integer exactly",
    )
    check_unsent(t.AnyType(), [2**60], "[0]: must be within ±(2^53 − 1): declare Int64 for larger integers")
    check_unsent(t.Int64Type(), 2**63, "must be within 64 bits, signed")


def test_text_that_cannot_be_stored_everywhere_is_refused_both_ways() -> None:
    check_refused(t.StringType(), "a\0b", "contains a NUL character")
    check_refused(t.StringType(), "\ud800", "contains half of a surrogate pair")
    check_unsent(t.StringType(), "a\0b", "contains a NUL character")
    check_unsent(t.StringType(), "\udfff", "contains half of a surrogate pair")
    check_unsent(t.JsonType(), {"k": "\0"}, "k: contains a NUL character")


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (t.DateTimeType(), "2026-01-02T03:04:05"),
        (t.DateTimeType(), "2026-01-02 03:04:05Z"),
        (t.DateTimeType(), "2026-13-02T03:04:05Z"),
        (t.DateTimeType(), "2026-01-02T03:04:05.1234567Z"),
        (t.DateTimeType(), "2026-01-02T24:04:05Z"),
        (t.DateType(), "2026-1-2"),
        (t.DateType(), "2026-02-30"),
        (t.TimeType(), "03:04"),
        (t.TimeType(), "03:04:05Z"),
        (t.TimedeltaType(), "P"),
        (t.TimedeltaType(), "PT"),
        (t.TimedeltaType(), "1D"),
        (t.UuidType(), "00000000-0000-4000-8000-00000000000A"),
        (t.DecimalType(), "NaN"),
        (t.DecimalType(), "1_000"),
        (t.DecimalType(), " 1"),
        (t.DecimalType(), "1e99999"),
        (t.Int64Type(), "01"),
        (t.Int64Type(), "9223372036854775808"),
        (t.BytesType(), "AP8"),
        (t.BytesType(), "AP9="),
        (t.BytesType(), "A P8="),
        (t.IdType("contacts"), "contacts_01h455vb4pex5vsknk084sn02"),
        (t.IdType("contacts"), "contacts_81h455vb4pex5vsknk084sn02q"),
        (t.DateType(), "２０２６-01-02"),
    ],
)
def test_text_that_is_almost_of_its_format_is_refused(found: t.Type, text: str) -> None:
    with pytest.raises(WireError):
        codec.decoder(found)(text)


def test_an_id_of_another_table_says_so() -> None:
    check_refused(t.IdType("users"), ID, "an id of table 'contacts', not of 'users'")
    check_unsent(t.IdType("users"), ID, "an id of table 'contacts', not of 'users'")


def test_times_are_written_the_same_way_always() -> None:
    encode = codec.encoder(t.DateTimeType())
    assert encode(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == "2026-01-02T03:04:05Z"
    assert encode(datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)) == "2026-01-02T03:04:05.000006Z"
    assert encode(datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(0)))) == "2026-01-02T03:00:00Z"
    assert encode(datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(hours=2)))) == "2026-01-02T03:00:00+02:00"
    assert encode(datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(seconds=30)))) == "2026-01-02T02:59:30Z"
    check_unsent(
        t.DateTimeType(),
        datetime(2026, 1, 2),
        "a datetime without time zone; use an aware one, such as datetime.now(UTC)",
    )
    assert codec.encoder(t.TimedeltaType())(timedelta(0)) == "PT0S"
    assert codec.encoder(t.TimedeltaType())(timedelta(days=-1, seconds=30)) == "-PT86370S"
    assert codec.encoder(t.TimedeltaType())(timedelta(days=2)) == "P2D"


def test_floats_beyond_the_finite_need_a_type_that_allows_them() -> None:
    check_unsent(
        t.FloatType(),
        float("nan"),
        "must be finite; declare Annotated[float, AllowInfNan(True)] if NaN and infinity are meant",
    )
    encode = codec.encoder(t.FloatType(non_finite=True))
    assert [encode(float(x)) for x in ("nan", "inf", "-inf")] == ["NaN", "Infinity", "-Infinity"]
    decoded = codec.decoder(t.FloatType(non_finite=True))("NaN")
    assert decoded != decoded
    check_unsent(t.FloatType(), 2**53 + 1, "a float cannot hold the int 9007199254740993 exactly")


# --- constraints ---


def test_constraints_are_checked_in_both_directions() -> None:
    for call in (codec.decoder, codec.encoder):
        assert mistakes(call(t.IntType(ge=1, lt=5)), 5) == ["must be less than 5"]
        assert mistakes(call(t.IntType(multiple_of=3)), 5) == ["must be a multiple of 3"]
        assert mistakes(call(t.FloatType(gt=0.5)), 0.5) == ["must be more than 0.5"]
        assert mistakes(call(t.StringType(min_length=2)), "é") == ["must have at least 2 characters, has 1"]
        assert mistakes(call(t.StringType(pattern="^a+$")), "ab") == ["must match the pattern ^a+$"]
        assert mistakes(call(t.ArrayType(t.IntType(), max_length=1)), [1, 2]) == ["must have at most 1 items, has 2"]
    check_refused(t.DecimalType(max_digits=4, decimal_places=2), "1.234", "must have at most 2 decimal places")
    check_refused(t.DecimalType(le="1.5"), "1.51", "must be at most 1.5")
    check_refused(t.Int64Type(ge=0), "-1", "must be at least 0")
    check_refused(t.BytesType(max_length=1), "AP8=", "must have at most 1 bytes, has 2")


# --- objects ---


def test_every_mistake_is_reported_with_its_path() -> None:
    check_refused(
        t.ArrayType(t.RefType("Point")),
        [{"xAxis": 1}, {"xAxis": "1", "label": 2, "extra": 0}, {}],
        '[1].xAxis: expected an integer, got string "1"',
        "[1].label: expected a string, got number 2",
        "[1].extra: unknown field; the fields here: xAxis, label",
        "[2].xAxis: is required",
    )


def test_optional_fields_left_out_stay_out() -> None:
    check_decode(t.RefType("Point"), {"xAxis": 1}, {"x_axis": 1})
    assert codec.fields_decoder(POINT.fields)({"xAxis": 1, "label": "a"}) == {"x_axis": 1, "label": "a"}


def test_no_more_issues_are_collected_than_anybody_reads() -> None:
    assert len(mistakes(codec.decoder(t.ArrayType(t.IntType())), ["x"] * 1000)) == ISSUES_MAX


def test_recursive_values_decode_and_absurd_depth_is_refused() -> None:
    check_decode(
        t.RefType("Tree"),
        {"value": 1, "children": [{"value": 2, "children": []}]},
        {"value": 1, "children": [{"value": 2, "children": []}]},
    )
    deep: dict[str, Any] = {"value": 1, "children": []}
    for _ in range(5000):
        deep = {"value": 1, "children": [deep]}
    check_refused(t.RefType("Tree"), deep, "is nested too deeply, or holds itself")
    loop: list[Any] = []
    loop.append(loop)
    check_unsent(t.JsonType(), loop, "is nested too deeply, or holds itself")


def test_a_document_comes_in_without_what_the_server_sets() -> None:
    check_decode(t.RefType("Contact"), {"fullName": "Ada"}, {"full_name": "Ada"})
    check_refused(t.RefType("Contact"), {"fullName": "Ada", "id": ID}, "id: is set by the server; leave it out")


@dataclass(slots=True)
class SlottedPoint:
    x_axis: int
    label: str = "none"


class ModelPoint(BaseModel):
    x_axis: int
    label: str = "none"


class PropertyPoint:
    x_axis = 3

    @property
    def label(self) -> str:
        return "made"


def test_models_dataclasses_dicts_and_properties_are_objects() -> None:
    encode = codec.encoder(t.RefType("Point"))
    assert encode(SlottedPoint(1)) == {"xAxis": 1, "label": "none"}
    assert encode(ModelPoint(x_axis=2)) == {"xAxis": 2, "label": "none"}
    assert encode(PropertyPoint()) == {"xAxis": 3, "label": "made"}
    assert encode({"x_axis": 4, "label": "a"}) == {"xAxis": 4, "label": "a"}
    assert encode({"x_axis": 4}) == {"xAxis": 4, "label": "none"}


def test_what_is_no_such_object_is_not_sent() -> None:
    check_unsent(t.RefType("Point"), "text", "expected a Point, got str 'text'")
    check_unsent(t.RefType("Point"), {"x": 1}, "xAxis: is missing", "x: Point has no such field")
    check_unsent(t.RefType("Point"), SlottedPoint("1"), "xAxis: expected an int, got str '1'")  # type: ignore[arg-type]
    check_unsent(
        t.RefType("Tree"),
        ModelPoint(x_axis=1),
        "value: ModelPoint has no value",
        "children: ModelPoint has no children",
    )


# --- unions, literals, enums ---


def test_tagged_unions_go_by_their_tag() -> None:
    decode = codec.decoder(t.RefType("Pet"))
    assert decode({"kind": "dog", "good": True}) == {"kind": "dog", "good": True}
    assert mistakes(decode, {"kind": "cow"}) == ['kind: expected one of "cat", "dog", got string "cow"']
    assert mistakes(decode, {"kind": ["dog"]}) == ['kind: expected one of "cat", "dog", got array']
    assert mistakes(decode, {}) == ['kind: is required: one of "cat", "dog"']
    assert mistakes(decode, {"kind": "cat", "lives": "9"}) == ['lives: expected an integer, got string "9"']
    encode = codec.encoder(t.RefType("Pet"))
    assert encode({"kind": "cat", "lives": 9}) == {"kind": "cat", "lives": 9}
    assert mistakes(encode, {"kind": "cat", "lives": "9"}) == ["lives: expected an int, got str '9'"]
    assert mistakes(encode, 3) == ["expected an object with 'kind', got int 3"]


def test_a_tagged_union_goes_by_its_tag_beside_none_too() -> None:
    nullable = t.UnionType((t.RefType("Pet"), t.NullType()))
    decode = codec.decoder(nullable)
    assert [decode({"kind": "dog", "good": True}), decode(None)] == [{"kind": "dog", "good": True}, None]
    assert mistakes(decode, {"lives": 9}) == ['kind: is required: one of "cat", "dog"']
    assert mistakes(codec.encoder(nullable), {"kind": "cat", "lives": "9"}) == ["lives: expected an int, got str '9'"]


def test_other_unions_go_by_kind_then_by_format() -> None:
    decode = codec.decoder(t.UnionType((t.StringType(), t.IntType(), t.RefType("Point"), t.NullType())))
    assert [decode("a"), decode(1), decode({"xAxis": 1}), decode(None)] == ["a", 1, {"x_axis": 1}, None]
    assert mistakes(decode, [1]) == ["expected number or object or string, got array"]
    assert mistakes(decode, {"xAxis": "a"}) == ['xAxis: expected an integer, got string "a"']
    numbers = codec.decoder(t.UnionType((t.FloatType(), t.IntType())))
    assert [type(numbers(value)) for value in (1, 1.5)] == [int, float]
    texts = codec.decoder(t.UnionType((t.StringType(), t.DateType(), t.LiteralType(("x",)))))
    assert [type(texts(value)).__name__ for value in ("x", "2026-01-02", "y")] == ["str", "date", "str"]
    wide = codec.encoder(t.UnionType((t.FloatType(), t.IntType())))
    assert wide(2**54) == 2.0**54 and type(wide(7)) is int


def test_one_and_true_are_different_values() -> None:
    check_decode(t.LiteralType((1,)), 1, 1)
    check_refused(t.LiteralType((1,)), True, "expected one of 1, got boolean true")
    check_refused(t.LiteralType((True,)), 1, "expected one of true, got number 1")
    assert Codec({}).decoder(t.ArrayType(t.LiteralType((True,))))([True]) == [True]


def test_open_literals_take_any_value_of_the_same_kind() -> None:
    decode = codec.decoder(t.LiteralType(("a", "b"), open=True))
    assert decode("c") == "c"
    assert mistakes(decode, 3) == ['expected one of "a", "b", got number 3']
    check_decode(t.RefType("Size"), 7, 7)
    assert codec.encoder(t.RefType("Size"))(7) == 7


class Color(Enum):
    RED = "red"
    GREEN = "green"


class Size(IntEnum):
    S = 1


def test_enums_are_their_values() -> None:
    encode = codec.encoder(t.RefType("Color"))
    assert encode(Color.RED) == "red" and encode("blue") == "blue"
    assert mistakes(encode, Color.GREEN)[0].startswith("expected one of 'red', 'blue', got Color")
    assert codec.encoder(t.RefType("Size"))(Size.S) == 1
    check_refused(t.RefType("Color"), "green", 'expected one of "red", "blue", got string "green"')


# --- sets and maps ---


def test_sets_are_sorted_and_have_no_item_twice() -> None:
    assert codec.encoder(t.SetType(t.IntType()))({10, 9, 1}) == [1, 10, 9]
    check_refused(t.SetType(t.StringType()), ["a", "b", "a"], "[2]: is there twice; a set has each item once")
    check_unsent(t.SetType(t.IntType()), [1], "expected a set, got list")


def test_map_keys_are_checked_and_stay_apart() -> None:
    dates = t.MapType(t.DateType(), t.IntType())
    check_refused(
        dates,
        {"today": 1, "2026-01-02": "x"},
        "today: as a key: expected a date, such as 2026-01-02",
        '2026-01-02: expected an integer, got string "x"',
    )
    prices = t.MapType(t.DecimalType(), t.IntType())
    check_refused(prices, {"1.0": 1, "1.00": 2}, "1.00: as a key: equal to an earlier one")
    check_unsent(t.MapType(t.StringType(), t.IntType()), {1: 1}, "1: as a key: expected a str, got int 1")
