<<<<<<< HEAD
"""What the checker says of stored documents, held against the store's own evolution."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from schemagen.check.changes import Change, Level
from schemagen.check.compare import compare
from schemagen.check.views import Position, types_of
from schemagen.check.witness import Witnesses
from schemagen.model.contract import Contract, Json, Missing
from schemagen.model.ids import format_id
from schemagen.store.errors import SchemaMismatch, UniqueViolation
from schemagen.store.sqlite import SqliteStore
from tests.check.lives import Lives
from tests.store.tables import open_store

TIME = "2026-01-01T00:00:00.000000Z"


def breaks_of(old: Contract, new: Contract) -> list[Change]:
    return [change for change in compare(old, new) if Level.DATA in change.levels.values()]


def thing(contract: Contract) -> str:
    return next(table.name for table in contract.tables if table.name != "others")


def opened(path: Path, contract: Contract) -> SqliteStore:
    """As a server starts. Raises SchemaMismatch if the stored documents do not fit."""
    values = Witnesses(types_of(contract), Position.STORED)

    def fresh(table: str, name: str) -> Json | Missing:
        field = next(field for field in contract.document(table).fields if field.name == name)
        return values.smallest(field.type) if not field.required else Missing()

    return open_store(contract, path, fresh)


def store(path: Path, contract: Contract, *documents: dict[str, Json]) -> None:
    """Documents in wire form; those that meet a unique index are left out."""
    held = opened(path, contract)
    table = held.tables[thing(contract)]
    held.begin()
    for number, document in enumerate(documents):
        row = [column.to_sql(document[column.name]) for column in table.columns]
        try:
            held.insert(table, (format_id(table.name, (held.ts << 16) + number), TIME, *row))
        except UniqueViolation:
            continue
    held.commit(held.ts + 1)
    held.close()


@pytest.mark.parametrize("seed", range(120))
def test_what_is_called_safe_is_accepted_by_the_store(seed: int, tmp_path: Path) -> None:
    """Three changes after each other, with documents of every time in between."""
    lives = Lives(Random(seed))
    contract = lives.first()
    path = tmp_path / "app.db"
    store(path, contract, *(lives.document(contract) for _ in range(3)))
    for _ in range(12):
        changed = lives.next(contract)
        if breaks_of(contract, changed):
            continue
        try:
            store(path, changed, *(lives.document(changed) for _ in range(2)))
        except SchemaMismatch as error:
            pytest.fail(f"{error}\nsaid: {compare(contract, changed)}")
        contract = changed
=======
"""What stored documents say of changes to what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from schemagen.check.changes import Change, Language, Level, Side
from schemagen.check.documents import Documents, judged_by_documents
from schemagen.model.contract import Contract, Field, ObjectType, Table
from schemagen.model.types import ArrayType, RefType, StringType

ZIP = ObjectType("Address", (Field("zip_code", "zipCode", StringType(), required=True),))
CONTACT = ObjectType(
    "Contact",
    (
        Field("name", "name", StringType(), required=True),
        Field("addresses", "addresses", ArrayType(RefType("Address")), required=True),
    ),
    table="contacts",
)
NEW = Contract((Table("contacts", "Contact"),), (ZIP, CONTACT), (), ())
DATA: Mapping[Language, Level] = {"python": Level.DATA, "typescript": Level.DATA}


def change(at: str, rule: str = "stored_constraint_tightened") -> Change:
    return Change(rule, DATA, Side.STORED, at, "documents may hold worse", "write a migration")


def judged(*changes: Change, **found: str) -> list[tuple[str, str]]:
    """Level, and what is said beyond what was said before; `found` is what is refused, `__` for a dot."""
    refused = {place.replace("__", "."): problem for place, problem in found.items()}
    documents = Documents("crm.db", {"contacts": 3, "empty": 0}, refused, {})
    after = judged_by_documents(changes, documents, NEW)
    return [(each.level.value, each.says.removeprefix("documents may hold worse").lstrip("; ")) for each in after]


def test_what_no_document_violates_is_safe() -> None:
    assert judged(change("Contact.name")) == [("safe", "in crm.db all 3 documents of contacts fit")]


def test_what_documents_violate_breaks_with_their_number() -> None:
    assert judged(change("Contact.name"), contacts__name="2 of 3 are bad") == [
        ("data", "in crm.db contacts.name 2 of 3 are bad")
    ]


def test_each_change_is_judged_by_its_own_field() -> None:
    assert [level for level, _ in judged(change("Contact.name"), change("Address.zip_code"), contacts__name="bad")] == [
        "data",
        "safe",
    ]


def test_a_change_inside_of_a_shared_type_is_felt_where_it_is_stored() -> None:
    assert judged(change("Address.zip_code"), change("Contact.name"), contacts__addresses="bad") == [
        ("data", "in crm.db contacts.addresses bad"),
        ("safe", "in crm.db all 3 documents of contacts fit"),
    ]


def test_a_change_that_is_felt_nowhere_that_is_known_stays_a_break() -> None:
    assert judged(change("Elsewhere.name")) == [("data", "")]


def test_what_no_change_accounts_for_leaves_every_break_a_break() -> None:
    [(level, says)] = judged(change("Contact.name"), contacts__by_name="shared")
    assert level == "data" and "contacts.by_name shared" in says


def test_what_a_migration_is_there_to_change_is_safe() -> None:
    documents = Documents("crm.db", {"contacts": 3}, {}, {"contacts.name": "2 of 3 are bad"})
    [found] = judged_by_documents([change("Contact.name")], documents, NEW)
    assert found.level is Level.SAFE and "a migration is there to change them" in found.says


def test_a_table_that_is_gone_breaks_if_it_holds_documents() -> None:
    assert judged(change("table contacts", "table_removed")) == [("data", "in crm.db there are 3 documents")]
    assert judged(change("table empty", "table_removed")) == [("safe", "in crm.db empty has no documents")]


def test_what_is_not_stored_is_left_alone() -> None:
    wire = replace(change("Contact.name"), side=Side.ARGS)
    safe = replace(change("Contact.name"), levels={"python": Level.SAFE, "typescript": Level.SAFE})
    documents = Documents("crm.db", {}, {}, {})
    assert judged_by_documents([wire, safe], documents, NEW) == (wire, safe)
>>>>>>> 5b8286d3dbded421c7b86813e59a0972e320c4e5
