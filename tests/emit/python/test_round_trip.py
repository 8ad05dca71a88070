"""Values of 300 random types go through the generated models and come out as the server's own codec writes them."""

from __future__ import annotations

import importlib
import json
import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from schemagen.model import types as t
from schemagen.model.contract import (
    MISSING,
    AliasType,
    Contract,
    EnumMember,
    EnumType,
    Field,
    Function,
    FunctionKind,
    Json,
    Missing,
    NamedType,
    ObjectType,
    Table,
)
from schemagen.model.naming import camel_case
from schemagen.wire.codec import Codec
from schemagen.wire.issue import WireError
from tests.emit.python.package import imported, write_package
from tests.wire.strategies import types, values

TYPES = 300
VALUES = 8

CONTACT = ObjectType(
    "Contact",
    (
        Field("id", "id", t.IdType("contacts"), required=False),
        Field("creation_time", "creationTime", t.DateTimeType(), required=False),
    ),
    "contacts",
)
TABLE = Table("contacts", "Contact")


def echo(number: int, kind: t.Type) -> Function:
    """A function that takes a value of a type and gives one back."""
    argument = Field("value", "value", kind, required=True)
    return Function(f"echo.f{number}", "echo", f"f{number}", FunctionKind.QUERY, (argument,), kind)


def contract_of(kinds: list[t.Type], named: list[NamedType]) -> Contract:
    functions = sorted((echo(number, kind) for number, kind in enumerate(kinds)), key=lambda f: f.path)
    every = sorted([*named, CONTACT], key=lambda each: each.name)
    return Contract((TABLE,), tuple(every), tuple(functions), ())


class Sdk:
    """The functions of a generated package, as its own runtime writes arguments and reads results."""

    def __init__(self, package: ModuleType, contract: Contract) -> None:
        self.types: Any = package.types
        self.errors: Any = package.errors
        self.contract = contract
        self.codec = Codec(contract.types_by_name)
        self._shape = importlib.import_module(f"{package.__name__}._runtime.shapes").Shape
        self._client = package.Client("http://127.0.0.1:9")

    def shape(self, number: int) -> Any:
        return self._shape(getattr(self._client.echo, f"f{number}").function)

    def decode(self, number: int, wire: Json) -> Any:
        return self.shape(number).decode(wire)

    def body(self, number: int, value: Any) -> Any:
        """The request that a call would send."""
        function = getattr(self._client.echo, f"f{number}").function
        return self._client._shared_calls().begin(function, {"value": value}).body

    def encode(self, number: int, value: Any) -> Json:
        encoded: Json = self.shape(number).encode({"value": value})["value"]
        return encoded


@pytest.fixture(scope="module")
def random_types() -> tuple[list[t.Type], list[NamedType]]:
    kinds: list[t.Type] = []
    named: list[NamedType] = []

    @seed(11)
    @settings(max_examples=TYPES, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def collect(data: st.DataObject) -> None:
        kinds.append(data.draw(types(named)))

    collect()
    return kinds, named


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory, random_types: tuple[list[t.Type], list[NamedType]]) -> Iterator[Sdk]:
    contract = contract_of(*random_types)
    folder = write_package(tmp_path_factory.mktemp("round_trip"), contract, "round_trip_sdk")
    with imported(folder, "round_trip_sdk") as package:
        yield Sdk(package, contract)


def canonical(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


@pytest.mark.slow
def test_values_come_out_as_they_went_in(sdk: Sdk, random_types: tuple[list[t.Type], list[NamedType]]) -> None:
    named = sdk.contract.types_by_name

    @seed(12)
    @settings(max_examples=TYPES * VALUES // 10, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def check(data: st.DataObject) -> None:
        for _ in range(10):
            number = data.draw(st.integers(0, len(random_types[0]) - 1))
            kind = random_types[0][number]
            value = data.draw(values(kind, named))
            wire = json.loads(json.dumps(sdk.codec.encoder(kind)(value)))
            decoded = sdk.decode(number, wire)
            assert agrees(decoded, value), (kind, value, decoded)
            assert canonical(sdk.encode(number, decoded)) == canonical(wire), kind

    check()


def agrees(decoded: Any, value: Any) -> bool:
    """Whether an SDK's value is the author's: records are models here and dicts by Python name there."""
    if isinstance(value, dict) and not isinstance(decoded, dict):
        return all(agrees(getattr(decoded, name), item) for name, item in value.items())
    if isinstance(value, dict):
        return decoded.keys() == value.keys() and all(agrees(decoded[key], value[key]) for key in value)
    if isinstance(value, list | tuple):
        return type(decoded) is type(value) and len(decoded) == len(value) and all(map(agrees, decoded, value))
    if isinstance(value, float) and math.isnan(value):
        return isinstance(decoded, float) and math.isnan(decoded)
    return type(decoded) is type(value) and bool(decoded == value)


# --- one type at a time ---


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Any]:
    """Makes the SDK of some types; the package is forgotten again."""
    made: list[Any] = []

    def make(*kinds: t.Type, named: tuple[NamedType, ...] = ()) -> Sdk:
        name = f"one_sdk_{len(made)}"
        contract = contract_of(list(kinds), list(named))
        context = imported(write_package(tmp_path / name, contract, name), name)
        made.append(context)
        return Sdk(context.__enter__(), contract)

    yield make
    for context in made:
        context.__exit__(None, None, None)


REFUSED: list[tuple[t.Type, Any]] = [
    (t.IntType(), "1"),
    (t.IntType(), True),
    (t.IntType(), 1.5),
    (t.BoolType(), 1),
    (t.BoolType(), "true"),
    (t.FloatType(), "1.0"),
    (t.FloatType(), "NaN"),
    (t.FloatType(non_finite=True), "nan"),
    (t.StringType(), 1),
    (t.StringType(), None),
    (t.Int64Type(), 1),
    (t.Int64Type(), "01"),
    (t.Int64Type(), str(2**63)),
    (t.DecimalType(), 1.5),
    (t.DecimalType(), "NaN"),
    (t.DecimalType(), "1_0"),
    (t.UuidType(), "x"),
    (t.UuidType(), 1),
    (t.BytesType(), "not base64!"),
    (t.BytesType(), "_-8="),
    (t.DateTimeType(), "2026-01-02T03:04:05"),
    (t.DateTimeType(), 1767323045),
    (t.DateTimeType(), "1767323045"),
    (t.DateType(), "2026-01-02T00:00:00Z"),
    (t.DateType(), 20000),
    (t.TimeType(), 3600),
    (t.TimeType(), "03:04:05Z"),
    (t.TimedeltaType(), 60),
    (t.TimedeltaType(), "01:00:00"),
    (t.LiteralType(("a", 1)), "b"),
    (t.LiteralType(("a",), open=True), 1),
    (t.ArrayType(t.IntType()), {}),
    (t.ArrayType(t.IntType()), [1, "2"]),
    (t.TupleType((t.IntType(), t.StringType())), [1]),
    (t.TupleType((t.IntType(), t.StringType())), [1, "a", 2]),
    (t.SetType(t.StringType()), "abc"),
    (t.MapType(t.Int64Type(), t.IntType()), {"x": 1}),
    (t.MapType(t.StringType(), t.IntType()), []),
    (t.UnionType((t.IntType(), t.NullType())), "1"),
]


def test_what_is_not_of_its_type_is_refused(one: Any) -> None:
    sdk = one(*(kind for kind, _ in REFUSED))
    for number, (kind, wire) in enumerate(REFUSED):
        with pytest.raises(WireError):
            sdk.codec.decoder(kind)(wire)
        with pytest.raises(sdk.errors.DecodeError):
            pytest.fail(f"{kind} took {wire!r} for {sdk.decode(number, wire)!r}")


def test_text_that_is_almost_a_duration_or_large_is_read_as_the_server_reads_it(one: Any) -> None:
    sdk = one(t.TimedeltaType())
    for value in (
        timedelta(days=1, seconds=2.5),
        -timedelta(seconds=30),
        timedelta(days=800),
        timedelta.max,
        timedelta(),
    ):
        wire = sdk.codec.encoder(t.TimedeltaType())(value)
        assert sdk.decode(0, wire) == value
        assert sdk.encode(0, value) == wire


def fields_of(*given: tuple[str, t.Type, Json | Missing]) -> tuple[Field, ...]:
    return tuple(
        Field(name, camel_case(name), kind, required=default is MISSING, default=default)
        for name, kind, default in given
    )


TEXT_OR_NULL = t.UnionType((t.StringType(), t.NullType()))
CHANGES = ObjectType(
    "Changes",
    fields_of(
        ("contact_name", t.StringType(), MISSING),
        ("nick_name", TEXT_OR_NULL, None),
        ("job_title", TEXT_OR_NULL, "none"),
        ("tags", t.ArrayType(t.StringType()), []),
        ("custom", t.MapType(t.StringType(), t.IntType()), {}),
        ("due_at", t.DateTimeType(), "2026-01-02T03:04:05Z"),
        ("note", TEXT_OR_NULL, MISSING),
    ),
)


def test_null_missing_and_default_are_three_things(one: Any) -> None:
    sdk = one(t.RefType("Changes"), named=(CHANGES,))
    new = sdk.types.Changes
    assert sdk.encode(0, new(contact_name="a", note=None)) == {"contactName": "a", "note": None}
    assert sdk.encode(0, new(contact_name="a", note="b", nick_name=None)) == {
        "contactName": "a",
        "note": "b",
        "nickName": None,
    }
    given = new(contact_name="a", note=None)
    given.job_title = "boss"
    assert sdk.encode(0, given) == {"contactName": "a", "note": None, "jobTitle": "boss"}


def test_a_list_that_is_changed_in_place_is_sent(one: Any) -> None:
    sdk = one(t.RefType("Changes"), named=(CHANGES,))
    given = sdk.types.Changes(contact_name="a", note=None)
    given.tags.append("x")
    given.custom["y"] = 1
    assert sdk.encode(0, given) == {"contactName": "a", "note": None, "tags": ["x"], "custom": {"y": 1}}


def test_a_missing_required_key_is_refused_with_its_path_and_an_unknown_one_ignored(one: Any) -> None:
    point = ObjectType("Point", fields_of(("left_edge", t.IntType(), MISSING), ("top", t.IntType(), MISSING)))
    sdk = one(t.ArrayType(t.RefType("Point")), named=(point,))
    assert sdk.decode(0, [{"leftEdge": 1, "top": 2, "new": 3}])[0].left_edge == 1
    with pytest.raises(sdk.errors.DecodeError) as caught:
        sdk.decode(0, [{"leftEdge": 1, "top": 2}, {"leftEdge": 1}])
    assert [issue.path for issue in caught.value.issues] == [(1, "top")]
    with pytest.raises(sdk.errors.DecodeError):  # Python's name is not the wire's
        sdk.decode(0, [{"left_edge": 1, "top": 2}])


def test_a_field_of_a_result_must_be_there_although_the_backend_has_a_default(tmp_path: Path) -> None:
    lead = ObjectType("Lead", fields_of(("stage", t.LiteralType(("new", "won")), "new")))
    get = Function("f0", "", "f0", FunctionKind.QUERY, (), t.RefType("Lead"))
    contract = Contract((), (lead,), (get,), ())
    with imported(write_package(tmp_path, contract, "result_sdk"), "result_sdk") as package:
        shape = importlib.import_module("result_sdk._runtime.shapes").Shape(package.Client("http://x").f0.function)
        assert shape.decode({"stage": "won"}).stage == "won"
        with pytest.raises(package.errors.DecodeError):
            shape.decode({})


def test_a_document_is_sent_without_what_the_server_sets(one: Any) -> None:
    lead = ObjectType("Lead", (*CONTACT.fields, *fields_of(("full_name", t.StringType(), MISSING))), "contacts")
    sdk = one(t.RefType("Lead"), named=(lead,))
    assert sdk.encode(0, sdk.types.Lead(full_name="Ada")) == {"fullName": "Ada"}
    stored = {"id": "contacts_01h455vb4pex5vsknk084sn02q", "creationTime": "2026-01-02T03:04:05Z", "fullName": "Ada"}
    found = sdk.decode(0, stored)
    assert found.id == stored["id"]
    found.full_name = "Grace"
    assert sdk.encode(0, found) == {"fullName": "Grace"}


def test_a_misspelt_field_of_a_record_is_refused_where_it_is_made(one: Any) -> None:
    sdk = one(t.RefType("Changes"), named=(CHANGES,))
    with pytest.raises(ValueError, match="nickname"):
        sdk.types.Changes(contact_name="a", note=None, nickname="b")


def test_unknown_values_of_open_types_are_kept_and_sent_back(one: Any) -> None:
    color = EnumType("Color", (EnumMember("RED", "red"), EnumMember("upper", "UPPER")), open=True)
    sdk = one(
        t.RefType("Color"), t.LiteralType(("a", "b"), open=True), t.LiteralType((1, 2), open=True), named=(color,)
    )
    assert sdk.decode(0, "red") is sdk.types.Color.RED
    for number, known, unknown in ((0, "red", "mauve"), (1, "a", "z"), (2, 1, 9)):
        for wire in (known, unknown):
            assert sdk.encode(number, sdk.decode(number, wire)) == wire


def test_enum_members_named_like_methods_keep_their_values(one: Any) -> None:
    names = ("upper", "count", "title", "name", "value", "mro", "real")
    color = EnumType("Color", tuple(EnumMember(name, name) for name in names))
    size = EnumType("Size", (EnumMember("real", 1), EnumMember("two", 2)))
    mixed = EnumType("Mixed", (EnumMember("a", "a"), EnumMember("one", 1)))
    sdk = one(t.RefType("Color"), t.RefType("Size"), t.RefType("Mixed"), named=(color, size, mixed))
    for number, wires in enumerate((names, (1, 2), ("a", 1))):
        for wire in wires:
            back = sdk.encode(number, sdk.decode(number, wire))
            assert (type(back), back) == (type(wire), wire)


CAT = ObjectType("Cat", fields_of(("kind", t.LiteralType(("cat",)), "cat"), ("lives_left", t.IntType(), 9)))
DOG = ObjectType("Dog", fields_of(("kind", t.LiteralType(("dog",)), "dog"), ("lives_left", t.IntType(), 1)))
PET = AliasType("Pet", t.UnionType((t.RefType("Cat"), t.RefType("Dog")), "kind"))


def test_a_tag_is_sent_although_nobody_set_it(one: Any) -> None:
    sdk = one(t.ArrayType(t.RefType("Pet")), named=(CAT, DOG, PET))
    assert sdk.encode(0, [sdk.types.Cat(), sdk.types.Dog(lives_left=2)]) == [
        {"kind": "cat"},
        {"kind": "dog", "livesLeft": 2},
    ]
    (dog,) = sdk.decode(0, [{"kind": "dog", "livesLeft": 3}])
    assert isinstance(dog, sdk.types.Dog)


def test_recursive_types_of_both_kinds(one: Any) -> None:
    node = ObjectType("Node", fields_of(("name", t.StringType(), MISSING), ("below", t.RefType("Forest"), [])))
    forest = AliasType("Forest", t.ArrayType(t.RefType("Node")))
    tree = AliasType("Tree", t.UnionType((t.StringType(), t.ArrayType(t.RefType("Tree")))))
    sdk = one(t.RefType("Node"), t.RefType("Tree"), named=(node, forest, tree))
    wire: Json = {"name": "a", "below": [{"name": "b", "below": []}]}
    assert sdk.encode(0, sdk.decode(0, wire)) == wire
    assert sdk.decode(0, wire).below[0].name == "b"
    assert sdk.encode(1, sdk.decode(1, ["a", ["b", []]])) == ["a", ["b", []]]


UNSENT: list[tuple[t.Type, Any]] = [
    (t.DateTimeType(), datetime(2026, 1, 2)),
    (t.FloatType(), float("nan")),
    (t.StringType(), "\ud800"),
    (t.Int64Type(), 2**63),
]


def test_what_the_wire_cannot_carry_is_refused_before_it_is_sent(one: Any) -> None:
    """A naive datetime, NaN, half a surrogate pair: `InvalidArguments`, and no request."""
    sdk = one(*(kind for kind, _ in UNSENT))
    for number, (_, value) in enumerate(UNSENT):
        with pytest.raises(sdk.errors.InvalidArguments):
            pytest.fail(f"{value!r} would be sent as {sdk.body(number, value)!r}")
