"""Whom a change breaks: clients that were built on a contract of before, each in its own language."""

from __future__ import annotations

from dataclasses import replace

from schemagen.check.changes import LANGUAGES, Change, Language, Level, Side
from schemagen.check.clients import Client, client_breaks, with_clients
from schemagen.check.compare import compare
from schemagen.check.report import Standing, judge
from schemagen.model.contract import Contract, Field, Function, FunctionKind, Table
from schemagen.model.types import FloatType, IdType, IntType, StringType, Type

TITLE = Field("title", "title", StringType(), required=True)
SIZE = Field("size", "size", IntType(), required=True)


def function(path: str, *args: Field, returns: Type | None = None) -> Function:
    module, _, name = path.rpartition(".")
    return Function(path, module, name, FunctionKind.MUTATION, args, returns or IntType())


def contract(*functions: Function) -> Contract:
    return Contract((), (), functions, ())


V1 = contract(function("a.create", TITLE), function("a.drop"))
V2 = contract(function("a.create", TITLE, SIZE), function("a.drop"))
V3 = contract(function("a.create", TITLE, SIZE))


def client(name: str, known: Contract, *calls: str, language: Language | None = "python") -> Client:
    return Client(name, language, known, frozenset(calls) if calls else None)


def broken(changes: tuple[Change, ...]) -> dict[str, tuple[str, ...] | None]:
    return {f"{change.rule} {change.at}": change.clients for change in changes if change.breaking}


def test_a_break_names_every_client_that_feels_it() -> None:
    clients = [client("new@2", V2), client("old@1", V1), client("old@1.1", V1)]
    assert broken(with_clients(compare(V1, V2), clients, V2)) == {
        "args_field_required a.create(size)": ("old@1", "old@1.1")
    }


def test_a_client_that_does_not_use_it_is_not_named() -> None:
    reader = client("reader@1", replace(V1, functions=V1.functions[1:]))
    assert broken(with_clients(compare(V1, V2), [reader], V2)) == {"args_field_required a.create(size)": ()}


def test_what_was_broken_before_the_base_still_breaks_the_clients_of_then() -> None:
    found = with_clients(compare(V2, V3), [client("old@1", V1), client("new@2", V2)], V3)
    assert broken(found) == {
        "function_removed a.drop": ("new@2", "old@1"),
        "args_field_required a.create(size)": ("old@1",),
    }


def test_a_live_client_is_asked_only_about_what_it_was_seen_to_call() -> None:
    clients = [client("web", V1, "a.drop"), client("app", V1, "a.create")]
    assert broken(with_clients(compare(V1, V3), clients, V3)) == {
        "function_removed a.drop": ("web",),
        "args_field_required a.create(size)": ("app",),
    }


def test_a_client_feels_what_its_own_language_feels() -> None:
    whole, float_ = contract(function("a.count")), contract(function("a.count", returns=FloatType()))
    clients = [
        client("py", whole),
        client("ts", whole, language="typescript"),
        client("unknown", whole, language=None),
    ]
    [names] = broken(with_clients(compare(whole, float_), clients, float_)).values()
    assert names == ("py", "unknown")


def test_a_safe_change_breaks_nobody_and_says_nothing_of_clients() -> None:
    changes = with_clients(compare(V3, V2), [client("new@3", V3)], V2)
    assert changes and all(change.clients is None for change in changes)


def test_nobody_is_asked_about_stored_documents_and_rebuilt_consumers() -> None:
    at = Change("table_removed", dict.fromkeys(LANGUAGES, Level.DATA), Side.STORED, "table a", "is gone", "keep it")
    for level in (Level.DATA, Level.SOURCE):
        change = replace(at, levels=dict.fromkeys(LANGUAGES, level))
        [found] = with_clients([change], [client("old@1", V1)], V1)
        assert found.clients is None
        assert judge([found], frozenset({level}), unused_fails=False)[0].standing is Standing.FAILS


def test_a_table_that_was_renamed_answers_to_the_ids_that_clients_have() -> None:
    def of(*table: Table) -> Contract:
        return replace(
            contract(function("a.take", Field("id", "id", IdType(table[0].name), required=True))), tables=table
        )

    old, new = of(Table("tasks", "Task")), of(Table("chores", "Task", renamed_from=("tasks",)))
    assert list(client_breaks(client("old@1", old), new.public)) == []
    assert list(client_breaks(client("old@1", old), of(Table("chores", "Task")).public)) != []
