"""What is in the slice of a client: what it uses, and nothing that would make a harmless change look like a break."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemagen.check.changes import LANGUAGES, Language, Level, Place, Target
from schemagen.check.compare import compare
from schemagen.check.slices import slice_of
from schemagen.check.usage import ANY_ARGUMENT, ANY_TYPE, EVERYTHING, Usage, Use, usage_of
from schemagen.model.canonical import from_json, function_fingerprint, to_json
from schemagen.model.contract import Contract, ErrorType, NamedType, ObjectType
from schemagen.model.types import ArrayType, RefType
from tests.check.crm import CRM, arg, function, option
from tests.model.strategies import contracts

HERE = Place("main.ts", 1, 1)


def usage(language: Language, *targets: Target, whole: tuple[Target, ...] = ()) -> Usage:
    uses = {Use(target, HERE) for target in targets} | {Use(target, HERE, "spread") for target in whole}
    return usage_of("web", language, uses)


def sliced(language: Language, *targets: Target, whole: tuple[Target, ...] = (), contract: Contract = CRM) -> Contract:
    return slice_of(contract, usage(language, *targets, whole=whole))


def args(contract: Contract, path: str) -> list[str]:
    return [a.wire_name for a in contract.functions_by_path[path].args]


def fields(contract: Contract, name: str) -> list[str]:
    named: NamedType | ErrorType | None = contract.types_by_name.get(name)
    named = named or next(e for e in contract.errors if e.name == name)
    assert isinstance(named, ObjectType | ErrorType)
    return [f.wire_name for f in named.fields]


CREATE, GET, LIST = (Target(f"contacts.{name}") for name in ("create", "get", "list"))


def test_nothing_used_is_nothing_kept_but_the_errors_that_python_checks() -> None:
    assert sliced("typescript") == Contract((), (), (), ())
    assert sliced("python") == Contract((), (), (), CRM.errors)


def test_only_functions_and_types_that_are_used_stay() -> None:
    one = sliced("python", GET)
    assert [f.path for f in one.functions] == ["contacts.get"]
    assert set(one.types_by_name) == {"Contact", "Address", "Point"}
    assert one.tables == ()


def test_arguments_are_those_that_are_passed_and_those_that_must_be() -> None:
    assert args(sliced("python", CREATE), "contacts.create") == ["fullName"]
    assert args(sliced("python", CREATE, Target("contacts.create", "email")), "contacts.create") == [
        "fullName",
        "email",
    ]


def test_arguments_that_cannot_be_told_are_all() -> None:
    every = ["fullName", "email", "address"]
    assert args(sliced("python", CREATE, whole=(Target("contacts.create", ANY_ARGUMENT),)), "contacts.create") == every
    assert args(sliced("typescript", whole=(CREATE,)), "contacts.create") == every


def test_python_clients_use_whole_results() -> None:
    assert fields(sliced("python", GET), "Contact") == fields(CRM, "Contact")


def test_typescript_clients_use_the_fields_they_read() -> None:
    contract = sliced("typescript", GET, Target(type="Contact", field="fullName"))
    assert fields(contract, "Contact") == ["fullName"]
    assert set(contract.types_by_name) == {"Contact"}


def test_a_field_of_a_type_that_could_not_be_told_is_one_of_every_type() -> None:
    contract = sliced("typescript", LIST, GET, *(Target(type=ANY_TYPE, field=name) for name in ("items", "stage")))
    assert fields(contract, "ContactPage") == ["items"]
    assert fields(contract, "Contact") == ["stage"]


def test_a_type_used_whole_is_used_with_all_it_holds() -> None:
    contract = sliced("typescript", GET, whole=(Target(type="Contact"),))
    assert fields(contract, "Contact") == fields(CRM, "Contact")
    assert fields(contract, "Address") == fields(CRM, "Address")


def test_a_function_used_whole_has_its_whole_result() -> None:
    assert fields(sliced("typescript", whole=(GET,)), "Address") == fields(CRM, "Address")


def test_what_has_to_be_decoded_is_used_though_nobody_reads_it() -> None:
    assert fields(sliced("typescript", Target("contacts.files")), "File") == ["content"]


def test_what_tells_variants_apart_is_used() -> None:
    contract = sliced("typescript", Target("contacts.events"))
    assert (fields(contract, "CallLogged"), fields(contract, "NoteAdded")) == (["kind"], ["kind"])


def test_errors_of_typescript_clients_are_those_they_name_with_the_fields_they_read() -> None:
    contract = sliced("typescript", CREATE, Target(type="QuotaExceeded"), Target(type="Forbidden", field="permission"))
    assert (fields(contract, "QuotaExceeded"), fields(contract, "Forbidden")) == ([], ["permission"])
    assert contract.functions_by_path["contacts.create"].raises == ("quota_exceeded",)
    assert sliced("typescript", CREATE).functions[0].raises == ()


def test_types_that_are_imported_stay() -> None:
    assert set(sliced("typescript", Target(type="Point")).types_by_name) == {"Point"}


def test_a_type_that_is_sent_and_received_has_two_forms_where_these_differ() -> None:
    """Arguments are sent with all that their types hold; of results, one field is read."""
    address = Target("contacts.create", "address")
    contract = sliced("typescript", CREATE, address, GET, *(Target(type=t, field=f) for t, f in READ))
    assert fields(contract, "Address") == ["city"]
    assert fields(contract, "AddressInput") == fields(CRM, "Address")
    assert "PointInput" not in contract.types_by_name, "results do not hold it at all"
    (sent,) = (a for a in contract.functions_by_path["contacts.create"].args if a.wire_name == "address")
    assert RefType("AddressInput") in getattr(sent.type, "members", ())
    again = sliced("python", CREATE, address, GET)
    assert "AddressInput" not in again.types_by_name


READ = (("Contact", "address"), ("Address", "city"))


def test_recursive_types_are_cut_too() -> None:
    contract = sliced("typescript", GET, Target(type="Contact", field="referredBy"))
    assert fields(contract, "Contact") == ["referredBy"]


def test_a_recursive_type_that_is_sent_and_received_refers_to_its_own_form() -> None:
    tree = ObjectType("Tree", (arg("label", CRM.types[0].fields[0].type), option("left", RefType("Tree"))))  # type: ignore[union-attr]
    contract = replace(
        CRM, types=(tree,), functions=(function("grow", ArrayType(RefType("Tree")), arg("from_", RefType("Tree"))),)
    )
    found = sliced(
        "typescript", Target("grow"), Target(type="Tree", field="left"), contract=replace(contract, errors=())
    )
    assert fields(found, "Tree") == ["left"]
    assert fields(found, "TreeInput") == ["label", "left"]
    (left,) = (f for f in found.named("TreeInput").fields if f.name == "left")  # type: ignore[union-attr]
    assert RefType("TreeInput") in getattr(left.type, "members", ())


def test_what_holds_a_type_of_two_forms_has_two_forms() -> None:
    outer = ObjectType("Outer", (arg("inner", RefType("Point")),))
    move = function("move", RefType("Outer"), arg("to", RefType("Outer")))
    contract = Contract((), (outer, CRM.types_by_name["Point"]), (move,), ())
    read = (Target(type="Outer", field="inner"), Target(type="Point", field="x"))
    found = sliced("typescript", Target("move"), *read, contract=contract)
    assert set(found.types_by_name) == {"Outer", "OuterInput", "Point", "PointInput"}
    assert [change for change in compare(found, contract) if change.level is not Level.SAFE] == []


def test_everything_is_everything_that_is_public() -> None:
    assert sliced("typescript", whole=(EVERYTHING,)) == replace(CRM.public, tables=())


def test_names_that_the_contract_does_not_have_are_passed_over() -> None:
    gone = (Target("contacts.gone", "x"), Target(type="Gone", field="x"), Target(type="Contact", field="gone"))
    assert sliced("typescript", *gone, whole=(Target("other.gone"), Target(type="Other"))) == Contract((), (), (), ())


@st.composite
def usages(draw: st.DrawFn, contract: Contract) -> Usage:
    """Any usage of a contract, as a reader may report one."""
    functions = [Target(f.path) for f in contract.functions]
    arguments = [Target(f.path, a.wire_name) for f in contract.functions for a in f.args]
    types = [Target(type=t.name) for t in contract.types]
    read = [
        Target(type=t.name, field=f.wire_name) for t in contract.types if isinstance(t, ObjectType) for f in t.fields
    ]
    read += [Target(type=ANY_TYPE, field=target.field) for target in read]
    errors = [Target(type=e.name, field=f.wire_name) for e in contract.errors for f in e.fields]
    errors += [Target(type=e.name) for e in contract.errors]
    some = [
        draw(st.lists(st.sampled_from(each), max_size=6))
        for each in (functions, arguments, types, read, errors)
        if each
    ]
    uses = {Use(target, HERE, draw(st.sampled_from(["", "", "", "spread"]))) for each in some for target in each}
    return usage_of("web", draw(st.sampled_from(LANGUAGES)), uses)


slowly = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@slowly
@given(st.data())
def test_a_contract_never_breaks_a_client_of_its_own(data: st.DataObject) -> None:
    contract = data.draw(contracts())
    client = slice_of(contract, data.draw(usages(contract)))
    assert [change for change in compare(client, contract) if change.level is not Level.SAFE] == []


@slowly
@given(st.data())
def test_a_slice_is_a_contract_that_can_be_written_and_read(data: st.DataObject) -> None:
    contract = data.draw(contracts())
    client = slice_of(contract, data.draw(usages(contract)))
    assert from_json(to_json(client)) == client
    for each in client.functions:
        assert function_fingerprint(client, each)


@slowly
@given(st.data())
def test_using_everything_is_using_each_thing(data: st.DataObject) -> None:
    """What a slice has, the whole has too: it only leaves out."""
    contract = data.draw(contracts())
    client = slice_of(contract, data.draw(usages(contract)))
    for each in client.functions:
        whole = contract.functions_by_path[each.path]
        assert {a.wire_name for a in each.args} <= {a.wire_name for a in whole.args}
        assert {a.wire_name for a in whole.args if a.required} <= {a.wire_name for a in each.args}
    assert {e.code for e in client.errors} <= {e.code for e in contract.errors}
