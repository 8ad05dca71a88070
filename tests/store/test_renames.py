"""A declared rename keeps its rows and happens once; what could be done in two ways is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from schemagen.model import types as t
from schemagen.model.contract import Contract, Field, Index, ObjectType, Table
from schemagen.model.ids import format_id
from schemagen.store.errors import SchemaMismatch
from schemagen.store.tables import Row
from tests.store.tables import ask, field, open_store, optional

TIME = "2026-01-01T00:00:00.000000Z"
NAME = field("name", t.StringType())
FULL_NAME = field("full_name", t.StringType())
NOTE = field("note", optional(t.StringType()), required=False, default=None)


def was(field: Field, *former: str) -> Field:
    return replace(field, renamed_from=former)


def table_of(name: str, *fields: Field, was: tuple[str, ...] = (), indexes: tuple[Index, ...] = ()) -> Contract:
    """A contract of one table."""
    own = (Field("id", "id", t.IdType(name), False), Field("creation_time", "creationTime", t.DateTimeType(), False))
    document = ObjectType(name.title(), (*own, *fields), name)
    return Contract((Table(name, document.name, indexes, renamed_from=was),), (document,), (), ())


def both(*contracts: Contract) -> Contract:
    tables = tuple(table for each in contracts for table in each.tables)
    types = tuple(named for each in contracts for named in each.types)
    return Contract(tables, types, (), ())


def store_rows(path: Path, contract: Contract, *rows: tuple[object, ...]) -> None:
    """Serve that contract, and store these rows in its first table, or none."""
    store = open_store(contract, path)
    table = store.tables[contract.tables[0].name]
    store.begin()
    for number, values in enumerate(rows):
        store.insert(table, (format_id(table.name, number), TIME, *values))  # type: ignore[arg-type]
    store.commit(store.ts + 1)
    store.close()


def rows_of(path: Path, contract: Contract) -> list[Row]:
    store = open_store(contract, path)
    columns = ", ".join(column.name for column in store.tables[contract.tables[0].name].columns)
    store.close()
    return ask(path, f"SELECT {columns} FROM {contract.tables[0].name} ORDER BY _id")


def refusal_of(path: Path, contract: Contract) -> str:
    before = ask(path, "SELECT name, sql FROM sqlite_master ORDER BY name")
    with pytest.raises(SchemaMismatch) as caught:
        open_store(contract, path)
    assert ask(path, "SELECT name, sql FROM sqlite_master ORDER BY name") == before
    return "\n".join(str(caught.value).splitlines()[1:])


# --- fields ---


def test_a_renamed_field_keeps_its_values(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    store_rows(path, table_of("people", NAME), ("Ada",), ("Bob",))
    assert rows_of(path, table_of("people", was(FULL_NAME, "name"))) == [("Ada",), ("Bob",)]


def test_a_rename_is_done_once_and_its_declaration_may_stay_or_go(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    store_rows(path, table_of("people", NAME), ("Ada",))
    for contract in (table_of("people", was(FULL_NAME, "name")),) * 2 + (table_of("people", FULL_NAME),):
        assert rows_of(path, contract) == [("Ada",)]


def test_a_field_renamed_twice_is_found_under_its_first_name(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    store_rows(path, table_of("people", NAME), ("Ada",))
    latest = was(field("display_name", t.StringType()), "full_name", "name")
    assert rows_of(path, table_of("people", latest)) == [("Ada",)]


def test_the_indexes_of_a_renamed_field_serve_it_under_its_new_name(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    store_rows(path, table_of("people", NAME, indexes=(Index("by_name", ("name",)),)), ("Ada",))
    renamed = table_of("people", was(FULL_NAME, "name"), indexes=(Index("by_name", ("full_name",)),))
    assert rows_of(path, renamed) == [("Ada",)]
    plan = ask(path, 'EXPLAIN QUERY PLAN SELECT * FROM people INDEXED BY "people.by_name" WHERE full_name = 1')
    assert "full_name=?" in plan[0][3]


def test_a_field_that_was_renamed_and_narrowed_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    store_rows(path, table_of("people", NAME), ("Ada",), ("A very long name",))
    short = was(field("full_name", t.StringType(max_length=5)), "name")
    assert refusal_of(path, table_of("people", short)).startswith("  people.full_name: 1 of 2 documents hold a value")


def test_a_rename_that_is_declared_late_takes_the_place_of_the_empty_new_field(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    store_rows(path, table_of("people", NAME, NOTE), ("Ada", "hello"))
    remark = replace(NOTE, name="remark", wire_name="remark")
    store_rows(path, table_of("people", NAME, remark, indexes=(Index("by_remark", ("remark",)),)))
    late = table_of("people", NAME, was(remark, "note"), indexes=(Index("by_remark", ("remark",)),))
    assert rows_of(path, late) == [("Ada", "hello")]
    assert rows_of(path, late) == [("Ada", "hello")]


def test_a_field_is_not_renamed_over_another_one_that_holds_values(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    remark = replace(NOTE, name="remark", wire_name="remark")
    store_rows(path, table_of("people", NOTE, remark), ("old", "new"), ("old", None))
    assert refusal_of(path, table_of("people", was(remark, "note"))) == (
        "  people.remark: was called note before, and both hold values: note in 2, remark in 1 documents\n"
        "    fix: leave out renamed_from to keep what the new field holds; "
        "or declare note as a field again, and move its values in a mutation"
    )


# --- tables ---


def test_a_renamed_table_keeps_its_documents_their_ids_and_its_indexes(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    by_name = (Index("by_name", ("name",)),)
    store_rows(path, table_of("people", NAME, indexes=by_name), ("Ada",), ("Bob",))
    renamed = table_of("contacts", NAME, was=("people",), indexes=by_name)
    assert rows_of(path, renamed) == [("Ada",), ("Bob",)]
    assert rows_of(path, renamed) == [("Ada",), ("Bob",)]
    assert ask(path, "SELECT _id FROM contacts LIMIT 1") == [(format_id("people", 0),)]
    names = [name for (name,) in ask(path, "SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name")]
    assert [name for name in names if "contacts" in name or "people" in name] == [
        "contacts.by_creation_time",
        "contacts.by_name",
        "sqlite_autoindex_contacts_1",
    ]


def test_a_table_and_its_fields_are_renamed_together(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    store_rows(path, table_of("people", NAME), ("Ada",))
    assert rows_of(path, table_of("contacts", was(FULL_NAME, "name"), was=("people",))) == [("Ada",)]


def test_references_to_a_renamed_table_hold(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    ada = format_id("people", 0)
    tasks = table_of("tasks", field("person_id", t.IdType("people")))
    store_rows(path, both(tasks, table_of("people", NAME)), (ada,))
    tasks = table_of("tasks", field("person_id", t.IdType("contacts")))
    assert rows_of(path, both(tasks, table_of("contacts", NAME, was=("people",)))) == [(ada,)]


def test_a_rename_that_is_declared_late_takes_the_place_of_the_empty_new_table(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    store_rows(path, table_of("people", NAME), ("Ada",))
    store_rows(path, table_of("contacts", NAME))
    assert rows_of(path, table_of("contacts", NAME, was=("people",))) == [("Ada",)]


def test_a_table_is_not_renamed_over_another_one_that_holds_documents(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    store_rows(path, table_of("people", NAME), ("Ada",), ("Bob",))
    store_rows(path, table_of("contacts", NAME), ("Cleo",))
    assert refusal_of(path, table_of("contacts", NAME, was=("people",))) == (
        "  contacts: was called people before, and both tables hold documents: people 2, contacts 1\n"
        "    fix: leave out renamed_from, declare people as a table again, and move its documents to contacts "
        "in a mutation"
    )


def test_a_former_name_stays_declared_as_long_as_ids_begin_with_it(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    store_rows(path, table_of("people", NAME), ("Ada",))
    rows_of(path, table_of("contacts", NAME, was=("people",)))
    assert refusal_of(path, table_of("contacts", NAME)) == (
        f"  contacts: was called people before, and 1 of its ids begin with that name, for example "
        f"{format_id('people', 0)}\n"
        '    fix: keep the old name: Table, name="contacts", renamed_from="people"'
    )
    assert '    fix: keep the old name: Table, name="clients", renamed_from=["contacts", "people"]' in refusal_of(
        path, table_of("clients", NAME, was=("contacts",))
    )
    assert rows_of(path, table_of("clients", NAME, was=("contacts", "people"))) == [("Ada",)]
    ask(path, "DELETE FROM clients")
    assert rows_of(path, table_of("clients", NAME)) == []
