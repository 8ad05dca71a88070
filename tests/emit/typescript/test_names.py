"""Names: what a backend calls its types stands; everything else gives way, whatever came first."""

from __future__ import annotations

from schemagen.emit.typescript.names import Names, names_of
from schemagen.emit.typescript.views import View, Views
from schemagen.model.contract import AliasType, Contract, ErrorType, Function, ObjectType
from schemagen.model.types import ArrayType, RefType, Type
from tests.emit.typescript.sample import NULL, TEXT, contract, document, field, function


def names(*parts: ObjectType | AliasType | Function | ErrorType) -> Names:
    made: Contract = contract(*parts)
    return names_of(made, Views(made))


def using(*types: str, args: bool = False) -> Function:
    used: list[Type] = [RefType(name) for name in types]
    given = [field(f"a{i}", t) for i, t in enumerate(used)] if args else []
    return function("m", "f", "query", ArrayType(used[0]) if used else NULL, *given)


def test_words_of_the_language_get_an_underscore() -> None:
    found = names(ObjectType("string", ()), ObjectType("class", ()), using("string"))
    assert found.types["string", View.OUTPUT] == "string_"
    assert found.types["class", View.OUTPUT] == "class_"


def test_globals_are_free_because_our_files_do_not_use_them() -> None:
    for name in ("Array", "Date", "Record", "Promise", "Error", "Map", "Set", "Object"):
        assert names(ObjectType(name, ()), using(name)).types[name, View.OUTPUT] == name


def test_a_type_called_like_one_of_the_runtime_keeps_its_name() -> None:
    found = names(ObjectType("Query", ()), ObjectType("Id", ()), using("Query"))
    assert found.types["Query", View.OUTPUT] == "Query"
    assert found.runtime["Query"] == "Query_"
    assert found.imported({"Query", "Mutation"}) == ["Mutation", "Query as Query_"]


def test_an_input_has_a_name_of_its_own_only_where_it_differs_and_both_are_used() -> None:
    draft = ObjectType("Draft", (field("title", TEXT, default=""),))
    both = names(draft, using("Draft", args=True))
    assert (both.types["Draft", View.OUTPUT], both.types["Draft", View.INPUT]) == ("Draft", "DraftInput")
    only = names(draft, function("m", "f", "query", NULL, field("draft", RefType("Draft"))))
    assert only.types["Draft", View.INPUT] == "Draft"
    same = names(ObjectType("Point", (field("x", TEXT),)), using("Point", args=True))
    assert same.types["Point", View.INPUT] == "Point"


def test_what_holds_a_differing_type_differs() -> None:
    outer = ObjectType("Outer", (field("items", ArrayType(RefType("Contact"))),))
    found = names(document("Contact", "contacts"), outer, using("Outer", args=True))
    assert found.types["Outer", View.INPUT] == "OuterInput"


def test_an_input_gives_way_to_a_type_of_its_name() -> None:
    draft = ObjectType("Draft", (field("title", TEXT, default=""),))
    found = names(draft, ObjectType("DraftInput", ()), using("Draft", args=True))
    assert found.types["DraftInput", View.OUTPUT] == "DraftInput"
    assert found.types["Draft", View.INPUT] == "DraftInput_"


def test_an_error_called_like_a_type_is_told_apart() -> None:
    found = names(ObjectType("Full", ()), ErrorType("full", "Full", ()), using("Full"))
    assert found.errors["full"] == "FullError"


def test_functions_whose_names_meet_both_keep_their_dots() -> None:
    first = function("contacts_list", "all", "query", NULL, field("x", TEXT))
    second = function("contacts", "list_all", "query", NULL, field("x", TEXT))
    expected = {"contactsList.all": "ContactsList_AllArgs", "contacts.listAll": "Contacts_ListAllArgs"}
    assert names(first, second).args == expected
    assert names(second).args == {"contacts.listAll": "ContactsListAllArgs"}


def test_modules_of_modules_have_names() -> None:
    found = names(function("billing.invoices", "pay", "mutation", NULL))
    assert found.modules == {"billing": "BillingModule", "billing.invoices": "BillingInvoicesModule"}
