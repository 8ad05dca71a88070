"""Entries of search indexes: in the order of their key whatever the filters, and built where documents are already."""

from __future__ import annotations

import dataclasses
import logging
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemagen.model import types as t
from schemagen.model.contract import Contract, SearchIndex
from schemagen.store.errors import SchemaMismatch
from schemagen.store.finding import ENTRIES_MAX, MANY, TEXT_COST, Entry
from schemagen.store.sqlite import SqliteStore
from schemagen.store.tokens import terms_of, words_of
from tests.store.tables import ask, contract_of, field, open_store, optional

START = datetime(2026, 1, 1, tzinfo=UTC)
FIELDS = (
    field("name", optional(t.StringType())),
    field("tenant", optional(t.IntType())),
    field("kind", optional(t.StringType())),
)


def searched(*indexes: SearchIndex, fields: tuple[Any, ...] = FIELDS) -> Contract:
    contract = contract_of(*fields)
    return dataclasses.replace(
        contract, tables=(dataclasses.replace(contract.tables[0], search_indexes=tuple(indexes)),)
    )


BY_NAME = SearchIndex("by_name", "name", ("tenant", "kind"))
PLAIN = searched()


def put(store: SqliteStore, rows: list[tuple[Any, ...]]) -> None:
    """Rows of values; their ids are things_0, things_1, …, two documents to a second."""
    store.begin()
    for number, values in enumerate(rows):
        time = (START + timedelta(seconds=number // 2)).isoformat(timespec="microseconds")[:-6] + "Z"
        store.insert(store.tables["things"], (f"things_{number}", time, *values))
    store.commit(store.ts + 1)


def entries(store: SqliteStore, text: str, *filters: Any) -> list[Entry]:
    terms = terms_of(text)
    assert terms is not None
    return store.search(store.tables["things"].searches[0], filters, terms)


def found(store: SqliteStore, text: str, *filters: Any) -> list[tuple[str, int, str]]:
    return [(token, -time, id_) for token, time, id_, *_ in entries(store, text, *filters)]


def expected(rows: list[tuple[Any, ...]], text: str, *filters: Any) -> list[tuple[str, int, str]]:
    terms = terms_of(text)
    assert terms is not None
    out = []
    for number, (name, *held) in enumerate(rows):
        counts = words_of((name or "",)).counts
        if tuple(held[: len(filters)]) == filters and set(terms.whole) <= counts.keys():
            time = int((START + timedelta(seconds=number // 2)).timestamp()) * 1_000_000
            out += [(token, -time, f"things_{number}") for token in counts if token.startswith(terms.last)]
    return sorted(out)[:ENTRIES_MAX]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([1, 3, 60]), st.sampled_from([1, 3, 90]))
def test_entries_come_in_the_order_of_the_key_from_all_scopes_at_once(seed: int, tenants: int, kinds: int) -> None:
    chance = random.Random(seed)
    words = ["".join(chance.choices("ab", k=chance.randint(1, 6))) for _ in range(40)]
    rows: list[tuple[Any, ...]] = [
        (
            " ".join(chance.choices(words, k=3)) if chance.random() < 0.95 else None,
            int(tenants * chance.random() ** 3) or None,
            f"k{chance.randrange(kinds)}" if chance.random() < 0.9 else None,
        )
        for _ in range(1_200)
    ]
    store = open_store(searched(BY_NAME))
    put(store, rows)
    asked: list[tuple[Any, ...]] = [(), (None,), (1,), (None, "k0"), (1, "k0"), (1, None)]
    for text in ("a", "ab", f"{words[0]} a", f"{words[0]} {words[1]} b", words[2]):
        for filters in asked:
            assert found(store, text, *filters) == expected(rows, text, *filters), (text, filters)
    store.close()


def test_a_rare_word_with_a_frequent_beginning_is_found_as_any_other() -> None:
    rows: list[tuple[Any, ...]] = [(f"a{number} common", None, None) for number in range(MANY + 100)]
    rows += [
        (f"a b ab rare{'' if number % 9 else ' rarer'} common a", number % 2 or None, None)
        for number in range(MANY // TEXT_COST)
    ]
    rows += [("rare b", 1, None), ("rarest common", 1, None), (None, None, None)]
    store = open_store(searched(SearchIndex("by_name", "name", ("tenant",))))
    put(store, rows)
    for text in ("rare a", "common rarer a", "rarer rare common ab", "common a", "rarest a", "nothing a", "rare b"):
        for filters in ((), (None,), (1,)):
            assert found(store, text, *filters) == expected(rows, text, *filters), (text, filters)
    frequencies = [entry[3:] for entry in entries(store, "common rarer a")]
    assert frequencies == [(2, 7, 2)] * 12 + [(1, 7, 2)] * 12
    store.close()


def test_a_search_index_is_built_over_the_documents_that_are_there(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "app.db"
    rows: list[tuple[Any, ...]] = [(f"Ada {number}", number % 3, None) for number in range(2_500)]
    store = open_store(PLAIN, path)
    put(store, rows)
    store.close()
    with caplog.at_level(logging.INFO):
        store = open_store(searched(BY_NAME), path)
    assert "search index things.by_name is built: 2500 documents" in caplog.text
    assert found(store, "ada 12") == expected(rows, "ada 12")
    assert found(store, "ada", 1, None) == expected(rows, "ada", 1, None)
    store.close()
    caplog.clear()
    with caplog.at_level(logging.INFO):
        open_store(searched(BY_NAME), path).close()
    assert "is built" not in caplog.text


@pytest.mark.parametrize(
    "changed",
    [
        SearchIndex("by_name", "kind", ("tenant", "kind")),
        SearchIndex("by_name", "name", ("kind", "tenant")),
        SearchIndex("by_name", "name"),
    ],
)
def test_a_changed_search_index_is_built_anew(tmp_path: Path, changed: SearchIndex) -> None:
    path = tmp_path / "app.db"
    store = open_store(searched(BY_NAME), path)
    put(store, [("Ada", 1, "Ada x"), ("Bob", 2, None)])
    store.close()
    store = open_store(searched(changed), path)
    assert [id_ for _, _, id_ in found(store, "ada")] == ["things_0"]
    assert (found(store, "x") != []) == (changed.text_field == "kind")
    values = {"tenant": 1, "kind": "Ada x"}
    assert len(found(store, "ada", *(values[name] for name in changed.filters))) == 1
    store.close()


def test_entries_of_other_rules_are_written_anew(tmp_path: Path) -> None:
    """Another version of Python may fold a letter in another way, and would look for entries that are not there."""
    path = tmp_path / "app.db"
    store = open_store(searched(BY_NAME), path)
    put(store, [("Ada", 1, None)])
    store.close()
    ask(path, """UPDATE _meta SET value = REPLACE(value, '"1/', '"0/') WHERE key = 'layout'""")
    ask(path, """UPDATE "things.by_name" SET token = 'eda'""")
    store = open_store(searched(BY_NAME), path)
    assert [token for token, _, _ in found(store, "ada")] == ["ada"] and not found(store, "eda")
    store.close()


def test_a_search_index_that_is_no_longer_declared_goes_and_comes_back_complete(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    store = open_store(searched(BY_NAME), path)
    put(store, [("Ada", 1, None)])
    store.close()
    store = open_store(PLAIN, path)
    store.begin()
    store.delete(store.tables["things"], "things_0")
    store.commit(store.ts + 1)
    store.close()
    assert ask(path, "SELECT name FROM sqlite_master WHERE name = 'things.by_name'") == []
    store = open_store(searched(BY_NAME), path)
    assert found(store, "ada") == []
    put(store, [("Ada again", None, None)])
    assert len(found(store, "ada")) == 1
    store.close()


def test_a_database_that_does_not_fit_keeps_its_entries(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    store = open_store(searched(BY_NAME), path)
    put(store, [("Ada", 1, None)])
    store.close()
    narrowed = (field("name", t.LiteralType(("Bob",))), *FIELDS[1:])
    with pytest.raises(SchemaMismatch):
        open_store(searched(fields=narrowed), path)
    store = open_store(searched(BY_NAME), path)
    assert len(found(store, "ada")) == 1
    store.close()


def test_entries_that_another_program_left_behind_stop_nobody(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    store = open_store(searched(BY_NAME), path)
    put(store, [("Ada", 1, None)])
    store.close()
    ask(path, "UPDATE things SET name = 'Bob'")
    store = open_store(searched(BY_NAME), path)
    store.begin()
    row = store.get(store.tables["things"], "things_0")
    assert row is not None
    store.update(store.tables["things"], (*row[:2], "Ada Bob", *row[3:]), (2,))
    store.commit(store.ts + 1)
    assert [token for text in ("ada", "bob") for token, _, _ in found(store, text)] == ["ada", "bob"]
    store.close()


def test_an_entry_is_found_by_its_key_alone() -> None:
    """No search walks over a table: neither for a whole word, nor a beginning, nor the scopes."""
    store = open_store(searched(BY_NAME))
    plans: list[str] = []
    connection = store._connection
    for sql in _statements(store):
        plans += [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?"))]
    assert plans and not [plan for plan in plans if plan.startswith("SCAN") and "found" not in plan]
    assert not [plan for plan in plans if "TEMP B-TREE" in plan]
    store.close()


def _statements(store: SqliteStore) -> list[str]:
    heard: list[str] = []
    store._connection.set_trace_callback(heard.append)
    found(store, "ada lo")
    found(store, "ada lo", 1)
    found(store, "lo", 1, "x")
    store._connection.set_trace_callback(None)
    return heard
