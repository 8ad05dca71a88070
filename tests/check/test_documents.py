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


def test_what_trying_the_schema_does_not_tell_is_left_alone() -> None:
    wire = replace(change("Contact.name"), side=Side.ARGS)
    safe = replace(change("Contact.name"), levels={"python": Level.SAFE, "typescript": Level.SAFE})
    former = change("table contacts", "table_former_name_dropped")  # ids are looked up by what they begin with
    documents = Documents("crm.db", {}, {}, {})
    assert judged_by_documents([wire, safe, former], documents, NEW) == (wire, safe, former)
