"""A database grows into a changed schema, or is refused as a whole and left as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemagen.model import types as t
from schemagen.model.contract import Contract, Field, Json, ObjectType
from schemagen.store.errors import SchemaMismatch
from schemagen.store.ranges import IndexRange
from schemagen.store.tables import Row
from tests.store.tables import ask, contract_of, field, open_store, optional

TIME = "2026-01-01T00:00:00.000000Z"
NAME = field("name", t.StringType())


def things(path: Path, contract: Contract, *rows: tuple[object, ...]) -> None:
    """A database of that contract with these rows, closed again."""
    store = open_store(contract, path)
    store.begin()
    for number, values in enumerate(rows):
        store.insert(store.tables["things"], (f"things_{number}", TIME, *values))  # type: ignore[arg-type]
    store.commit(store.ts + 1)
    store.close()


def rows_of(path: Path, contract: Contract) -> list[Row]:
    store = open_store(contract, path)
    rows = [store.get(store.tables["things"], f"things_{number}") for number in range(2)]
    store.close()
    return [row[2:] for row in rows if row is not None]


def check_refused(path: Path, contract: Contract, *lines: str) -> None:
    before = ask(path, "SELECT sql FROM sqlite_master ORDER BY name")
    with pytest.raises(SchemaMismatch) as caught:
        open_store(contract, path)
    assert str(caught.value).splitlines()[1:] == list(lines)
    assert ask(path, "SELECT sql FROM sqlite_master ORDER BY name") == before


def migration_to_write(verb: str, name: str, *known: str) -> list[str]:
    return [
        "      @migration(Thing)",
        f"      async def {verb}_{name}(ctx: QueryCtx, stored: Stored) -> Changes:",
        f'          return {{"{name}": ...}}  # stored has {", ".join(("id", "creation_time", *(known or (name,))))}',
    ]


def test_new_fields_take_their_default_in_stored_documents(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    things(path, contract_of(NAME), ("a",), ("b",))
    grown = contract_of(
        NAME,
        field("stage", t.LiteralType(("lead", "won")), required=False, default="lead"),
        field("note", optional(t.StringType()), required=False, default=None),
        field("since", optional(t.DateTimeType()), required=False, default="2026-01-02T03:04:05Z"),
    )
    assert rows_of(path, grown) == [(n, "lead", None, "2026-01-02T03:04:05.000000Z") for n in ("a", "b")]


def test_a_default_made_afresh_is_made_for_each_document(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    things(path, contract_of(NAME), ("a",), ("b",))
    made = iter(range(10))
    store = open_store(
        contract_of(NAME, field("tags", t.ArrayType(t.IntType()), required=False)), path, lambda *_: [next(made)]
    )
    assert [store.get(store.tables["things"], f"things_{n}") for n in (0, 1)] == [
        ("things_0", TIME, "a", "[0]"),
        ("things_1", TIME, "b", "[1]"),
    ]
    store.close()


def test_a_new_required_field_is_refused_where_documents_exist(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    wanted = contract_of(NAME, field("age", t.IntType()))
    things(path, contract_of(NAME))
    open_store(wanted, path).close()  # nobody is hurt
    things(tmp_path / "full.db", contract_of(NAME), ("a",), ("b",))
    check_refused(
        tmp_path / "full.db",
        wanted,
        "  things.age: is required, and 2 documents stored before it existed have no value for it",
        "    fix: give it a default, declare it age: ... | None = None, or fill it in a migration:",
        *migration_to_write("fill", "age", "name"),
    )


def test_new_tables_and_indexes_come_and_old_indexes_go(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    things(path, contract_of(NAME, indexes={"by_name": ("name",)}), ("a",))
    open_store(
        contract_of(NAME, field("age", optional(t.IntType())), indexes={"by_name": ("age", "name")}), path
    ).close()
    sql = dict(ask(path, "SELECT name, sql FROM sqlite_master WHERE type = 'index'"))
    assert sql["things.by_name"].endswith('("age", "name", "_creation_time", "_id")')
    open_store(contract_of(NAME), path).close()
    names = ask(path, "SELECT name FROM sqlite_master WHERE tbl_name = 'things' AND type = 'index' ORDER BY 1")
    assert [name for (name,) in names] == ["sqlite_autoindex_things_1", "things.by_creation_time"]


def test_a_wider_type_applies_itself_and_a_narrower_one_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    two, three = t.LiteralType(("lead", "won")), t.LiteralType(("lead", "won", "lost"))
    things(path, contract_of(field("stage", two)), ("lead",), ("won",))
    assert rows_of(path, contract_of(field("stage", three))) == [("lead",), ("won",)]
    check_refused(
        path,
        contract_of(field("stage", t.LiteralType(("lead", "lost")))),
        "  things.stage: 1 of 2 documents hold a value not of its type, for example things_1: "
        "expected one of 'lead', 'lost', got str 'won'",
        "    fix: declare the type so that it holds these values too, or change them in a migration:",
        *migration_to_write("correct", "stage"),
    )


def test_nested_types_are_checked_too(tmp_path: Path) -> None:
    def of(kind: t.Type) -> Contract:
        point = ObjectType("Point", (Field("x", "x", kind, True),))
        return contract_of(field("at", t.RefType("Point")), types=(point,))

    path = tmp_path / "app.db"
    things(path, of(t.IntType()), ('{"x":1}',))
    assert rows_of(path, of(t.FloatType())) == [('{"x":1}',)]
    check_refused(
        path,
        of(t.StringType()),
        "  things.at: 1 of 1 document hold a value not of its type, "
        "for example things_0: x: expected a string, got number 1",
        "    fix: declare the type so that it holds these values too, or change them in a migration:",
        *migration_to_write("correct", "at"),
    )


def test_null_no_longer_allowed_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    things(path, contract_of(field("age", optional(t.IntType()))), (1,), (None,))
    with pytest.raises(SchemaMismatch, match=r"things\.age: 1 of 2 documents"):
        open_store(contract_of(field("age", t.IntType())), path)


def test_another_storage_is_refused_where_documents_exist(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    by_age: dict[str, tuple[str, ...]] = {"by_age": ("age",)}
    things(path, contract_of(field("age", t.IntType()), indexes=by_age))
    store = open_store(contract_of(field("age", t.StringType()), indexes=by_age), path)
    assert store.read(store.tables["things"], IndexRange(store.tables["things"].indexes["by_age"], ("7",))) == []
    store.close()
    things(path, contract_of(field("age", t.StringType())), ("7",))
    check_refused(
        path,
        contract_of(field("age", t.IntType())),
        "  things.age: is stored as text and now declared as integer",
        "    fix: keep age as it was, or compute the new values in a migration:",
        *migration_to_write("convert", "age"),
    )


def test_a_field_that_goes_keeps_its_values_and_finds_them_again(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    both = contract_of(NAME, field("age", t.IntType()))
    things(path, both, ("a", 1))
    assert rows_of(path, contract_of(NAME)) == [("a",)]
    assert rows_of(path, both) == [("a", 1)]
    store = open_store(contract_of(NAME), path)
    store.begin()
    store.insert(store.tables["things"], ("things_1", TIME, "b"))
    store.commit(9)
    store.close()
    with pytest.raises(SchemaMismatch, match="required, and 1 document"):
        open_store(both, path)


def test_every_misfit_is_reported_at_once(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    things(path, contract_of(field("a", t.IntType()), field("b", optional(t.IntType()))), (1, None))
    with pytest.raises(SchemaMismatch) as caught:
        open_store(contract_of(field("a", t.StringType()), field("b", t.IntType()), field("c", t.IntType())), path)
    assert [misfit.place for misfit in caught.value.misfits] == ["things.a", "things.b", "things.c"]


def test_defaults_of_every_type_are_stored_in_their_columns_form(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    things(path, contract_of(NAME), ("a",))
    cases: list[tuple[t.Type, Json, object]] = [
        (t.BoolType(), True, 1),
        (t.Int64Type(), "9007199254740993", 9007199254740993),
        (t.FloatType(), 1, 1.0),
        (t.BytesType(), "AP8=", b"\x00\xff"),
        (t.DecimalType(), "1.50", "1.50"),
        (t.DateTimeType(), "2026-01-02T03:04:05+01:00", "2026-01-02T02:04:05.000000Z"),
        (t.TimeType(), "03:04:05", "03:04:05.000000"),
        (t.TimedeltaType(), "-PT0.5S", -500_000),
        (t.ArrayType(t.IntType()), [1], "[1]"),
    ]
    fields = [field(f"f{n}", kind, required=False, default=default) for n, (kind, default, _) in enumerate(cases)]
    assert rows_of(path, contract_of(NAME, *fields)) == [("a", *(stored for _, _, stored in cases))]


def test_a_unique_index_is_built_beside_the_ordered_one_and_goes_with_its_declaration(tmp_path: Path) -> None:
    def sql_of(*unique: str) -> dict[str, str]:
        by_name: dict[str, tuple[str, ...]] = {"by_name": ("name",)}
        open_store(contract_of(NAME, indexes=by_name, unique=unique), path).close()
        return dict(ask(path, "SELECT name, sql FROM sqlite_master WHERE name LIKE 'things.by_name%'"))

    path = tmp_path / "app.db"
    ordered = 'CREATE INDEX "things.by_name" ON "things" ("name", "_creation_time", "_id")'
    assert sql_of() == {"things.by_name": ordered}
    assert sql_of("by_name") == {
        "things.by_name": ordered,
        "things.by_name unique": 'CREATE UNIQUE INDEX "things.by_name unique" ON "things" ("name")',
    }
    assert sql_of() == {"things.by_name": ordered}


def test_stored_documents_that_share_a_key_keep_an_index_from_being_unique(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    by_name: dict[str, tuple[str, ...]] = {"by_name": ("name",)}
    things(path, contract_of(NAME, indexes=by_name), ("a",), ("b",), ("b",), ("a",), ("c",), ("a",))
    check_refused(
        path,
        contract_of(NAME, indexes=by_name, unique=("by_name",)),
        "  things.by_name: is unique, and 5 of 6 documents share their name with another, "
        "for example things_0 and things_5",
        "    fix: declare it without unique=True, delete all but one of each in a mutation, then make it unique; "
        "or change them in a migration:",
        *migration_to_write("tell_apart", "name"),
    )


def test_a_default_that_fills_a_unique_field_is_no_way_around_it(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    things(path, contract_of(NAME), ("a",), ("b",))
    code = field("code", t.IntType(), required=False, default=0)
    with pytest.raises(SchemaMismatch, match="2 of 2 documents share their code"):
        open_store(contract_of(NAME, code, indexes={"by_code": ("code",)}, unique=("by_code",)), path)
