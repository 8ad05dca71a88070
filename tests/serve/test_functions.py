"""Calling what is not there: the message helps, and gives nothing away."""

from __future__ import annotations

from dataclasses import replace

from schemagen.model.contract import Contract, Function, FunctionKind
from schemagen.model.types import NullType
from schemagen.serve.functions import PublicFunctions

QUERY, MUTATION, ACTION = FunctionKind.QUERY, FunctionKind.MUTATION, FunctionKind.ACTION


def declared(kind: FunctionKind, *paths: str, internal: bool = False) -> tuple[Function, ...]:
    return tuple(
        Function(path, path.rpartition(".")[0], path.rpartition(".")[2], kind, (), NullType(), internal=internal)
        for path in paths
    )


FUNCTIONS = PublicFunctions(
    Contract(
        tables=(),
        types=(),
        functions=(
            *declared(QUERY, "contacts.list", "contacts.get", "billing.invoices.openByCompany"),
            *declared(MUTATION, "contacts.create", "health"),
            *declared(ACTION, "emails.send"),
            *declared(QUERY, "secrets.list", "contacts.listAll", internal=True),
        ),
        errors=(),
    )
)


def said(kind: FunctionKind, path: str) -> str | None:
    refusal = FUNCTIONS.refusal(kind, path)
    assert refusal is None or (refusal.kind, refusal.code) == ("unknownFunction", "unknown_function")
    return None if refusal is None else refusal.message


def test_a_public_function_of_the_right_kind_may_be_called() -> None:
    assert said(QUERY, "contacts.list") is None
    assert said(MUTATION, "health") is None


def test_a_function_of_another_kind_is_named_as_what_it_is() -> None:
    assert said(MUTATION, "contacts.list") == 'there is no mutation "contacts.list"; it is a query'
    assert said(QUERY, "emails.send") == 'there is no query "emails.send"; it is an action'


def test_a_near_miss_gets_a_suggestion_of_the_same_kind() -> None:
    assert said(QUERY, "contacts.lst") == 'there is no query "contacts.lst"; did you mean "contacts.list"?'
    assert said(QUERY, "contact.list") == 'there is no query "contact.list"; did you mean "contacts.list"?'
    assert said(QUERY, "contacts.list_") == 'there is no query "contacts.list_"; did you mean "contacts.list"?'
    open_invoices = "billing.invoices.open_by_company"
    assert (
        said(QUERY, open_invoices)
        == f'there is no query "{open_invoices}"; did you mean "billing.invoices.openByCompany"?'
    )
    assert said(MUTATION, "heath") == 'there is no mutation "heath"; did you mean "health"?'
    assert said(MUTATION, "contacts.lst") == 'there is no mutation "contacts.lst"'


def test_nothing_alike_gets_no_suggestion() -> None:
    assert said(QUERY, "weather.today") == 'there is no query "weather.today"'
    assert said(QUERY, "") == 'there is no query ""'


def test_an_internal_function_is_to_clients_not_there() -> None:
    assert said(QUERY, "secrets.list") == 'there is no query "secrets.list"'
    assert said(QUERY, "secrets.lst") == 'there is no query "secrets.lst"'
    assert said(QUERY, "contacts.listAl") == 'there is no query "contacts.listAl"; did you mean "contacts.list"?'


def test_a_huge_path_costs_nothing_and_is_not_repeated() -> None:
    message = said(QUERY, "contacts." + "l" * 100_000)
    assert message is not None
    assert len(message) < 150


def test_a_function_is_there_under_the_paths_it_had_too() -> None:
    (now,) = declared(QUERY, "contacts.list")
    (hidden,) = declared(QUERY, "contacts.count", internal=True)
    renamed = (replace(now, renamed_from=("people.list_all",)), replace(hidden, renamed_from=("contacts.size",)))
    functions = PublicFunctions(Contract((), (), renamed, ()))
    assert functions.refusal(QUERY, "people.listAll") is None
    refused = functions.refusal(MUTATION, "people.listAll")
    assert refused is not None and refused.message == 'there is no mutation "people.listAll"; it is a query'
    assert functions.refusal(QUERY, "contacts.size") is not None
