"""Which lines of consumers a change hits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from schemagen.check.call_sites import call_sites
from schemagen.check.changes import Language, Place, Target
from schemagen.check.compare import compare
from schemagen.check.usage import ANY_ARGUMENT, ANY_TYPE, EVERYTHING, Usage, Use, usage_of
from schemagen.model.contract import MISSING, Contract, ErrorType, Field, Function, ObjectType
from schemagen.model.types import ArrayType, IntType, RefType
from tests.check.crm import CRM, TEXT, arg


def used(language: Language, *lines: tuple[Target, str] | Target) -> Usage:
    """A consumer that uses one thing a line."""
    found = {
        Use(line, Place("main", i + 1, 1))
        if isinstance(line, Target)
        else Use(line[0], Place("main", i + 1, 1), line[1])
        for i, line in enumerate(lines)
    }
    return usage_of(language, language, found)


def hits(rule: str, new: Contract, *usages: Usage) -> list[str]:
    """`python main:1:1 contacts.list` for each line that the one change of that rule hits."""
    (change,) = (change for change in compare(CRM, new) if change.rule == rule)
    return [f"{site.consumer} {site.place.line} {site.uses}" for site in call_sites(change, usages)]


def with_function(path: str, change: Callable[[Function], Function]) -> Contract:
    return replace(CRM, functions=tuple(change(f) if f.path == path else f for f in CRM.functions))


def with_fields(name: str, change: Callable[[tuple[Field, ...]], tuple[Field, ...]]) -> Contract:
    types = (
        replace(t, fields=change(t.fields)) if isinstance(t, ObjectType) and t.name == name else t for t in CRM.types
    )
    return replace(CRM, types=tuple(types))


def without(name: str) -> Callable[[tuple[Field, ...]], tuple[Field, ...]]:
    return lambda fields: tuple(f for f in fields if f.wire_name != name)


LIST, GET, CREATE = (Target(f"contacts.{name}") for name in ("list", "get", "create"))
NO_LIST = replace(CRM, functions=tuple(f for f in CRM.functions if f.path != "contacts.list"))
NO_STAGE_ARGUMENT = with_function("contacts.list", lambda f: replace(f, args=without("stage")(f.args)))


def test_a_removed_function_hits_every_call_in_both_languages() -> None:
    python = used("python", GET, LIST, LIST)
    typescript = used("typescript", LIST, Target("contacts.list", "stage"))
    assert hits("function_removed", NO_LIST, python, typescript) == [
        "python 2 contacts.list",
        "python 3 contacts.list",
        "typescript 1 contacts.list",
    ]


def test_what_nobody_uses_hits_nobody() -> None:
    assert hits("function_removed", NO_LIST, used("python", GET), used("typescript")) == []


def test_a_removed_argument_hits_those_who_pass_it_or_may() -> None:
    stage, other, any_ = (Target("contacts.list", name) for name in ("stage", "page", ANY_ARGUMENT))
    usage = used("python", LIST, stage, other, (any_, "**kwargs"), (LIST, "passed to submit()"))
    assert hits("args_field_removed", NO_STAGE_ARGUMENT, usage) == [
        "python 2 contacts.list(stage)",
        "python 4 contacts.list(*)",
        "python 5 contacts.list(*)",
    ]


def test_a_new_required_argument_hits_every_call() -> None:
    new = with_function("contacts.get", lambda f: replace(f, args=(*f.args, arg("reason", TEXT))))
    usage = used("typescript", GET, Target("contacts.get", "contactId"), GET)
    assert hits("args_field_required", new, usage) == ["typescript 1 contacts.get", "typescript 3 contacts.get"]


def test_an_argument_that_became_required_hits_the_calls_and_not_where_it_is_passed() -> None:
    def demand(f: Function) -> Function:
        return replace(
            f, args=tuple(replace(a, required=True, default=MISSING) if a.name == "stage" else a for a in f.args)
        )

    usage = used("python", LIST, Target("contacts.list", "stage"))
    assert hits("args_field_required", with_function("contacts.list", demand), usage) == ["python 1 contacts.list"]


def test_a_field_that_is_gone_hits_those_who_read_it() -> None:
    usage = used("typescript", LIST, Target(type="Contact", field="fullName"), Target(type="Contact", field="stage"))
    assert hits("returns_field_removed", with_fields("Contact", without("stage")), usage) == [
        "typescript 3 Contact.stage"
    ]


def test_a_field_that_nobody_reads_hits_calls_in_python_and_nobody_in_typescript() -> None:
    new = with_fields("Contact", without("stage"))
    assert hits("returns_field_removed", new, used("python", LIST), used("typescript", LIST)) == [
        "python 1 contacts.list"
    ]


def test_reading_a_field_of_a_type_of_another_function_is_no_use_of_this_one() -> None:
    new = with_fields("File", without("name"))
    usage = used("typescript", LIST, Target(type=ANY_TYPE, field="name"))
    assert hits("returns_field_removed", new, usage) == []


def test_whole_and_unknown_uses_are_hit_by_all_that_may_be_in_them() -> None:
    usage = used(
        "typescript",
        (Target(type="Contact"), "JSON.stringify(contact)"),
        Target(type=ANY_TYPE, field="stage"),
        (EVERYTHING, "a .vue file"),
        Target(type="Contact"),
    )
    assert hits("returns_field_removed", with_fields("Contact", without("stage")), usage) == [
        "typescript 1 Contact.*",
        "typescript 2 .stage",
        "typescript 3 everything",
    ]


def test_a_result_of_another_type_hits_the_calls() -> None:
    new = with_function("tags.list", lambda f: replace(f, returns=ArrayType(IntType())))
    tags = Target("tags.list")
    assert hits("returns_type_changed", new, used("python", tags), used("typescript", tags, GET)) == [
        "python 1 tags.list",
        "typescript 1 tags.list",
    ]


def test_a_field_of_an_error_hits_those_who_read_it_and_in_python_those_who_may_get_it() -> None:
    errors = tuple(ErrorType(e.code, e.name, ()) if e.name == "QuotaExceeded" else e for e in CRM.errors)
    usages = used("python", CREATE, GET), used("typescript", CREATE, Target(type="QuotaExceeded", field="limit"))
    assert hits("errors_field_removed", replace(CRM, errors=errors), *usages) == [
        "python 1 contacts.create",
        "typescript 2 QuotaExceeded.limit",
    ]


def test_a_type_that_was_renamed_is_looked_up_by_the_name_that_consumers_know() -> None:
    """Contact is Person now, and lost its stage on the way."""
    renamed = replace(
        CRM,
        types=(
            *(t for t in with_fields("Contact", without("stage")).types if t.name not in ("Contact", "ContactPage")),
        ),
    )
    contact = CRM.types_by_name["Contact"]
    assert isinstance(contact, ObjectType)
    kept = tuple(f for f in contact.fields if f.wire_name not in ("stage", "referredBy"))
    person = ObjectType("Person", kept, "contacts")
    functions = tuple(
        replace(f, returns=RefType("Person")) if f.path == "contacts.get" else f
        for f in CRM.functions
        if f.path != "contacts.list"
    )
    new = replace(
        renamed,
        types=(*renamed.types, person),
        functions=functions,
        tables=(replace(CRM.tables[0], document="Person"),),
    )
    (change,) = (c for c in compare(CRM, new) if c.rule == "returns_field_removed" and c.at.endswith("stage"))
    usage = used("typescript", GET, Target(type="Contact", field="stage"))
    assert [site.uses for site in call_sites(change, [usage])] == ["Contact.stage"]
