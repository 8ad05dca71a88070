"""Tables: whether the documents that are stored fit the new schema."""

from __future__ import annotations

from collections.abc import Iterator

from schemagen.check.causes import DATA, SAFE, Causes, Root
from schemagen.check.changes import Change, Side
from schemagen.check.spelling import spelled
from schemagen.model.contract import MISSING, Field, Origin, Table


def table_changes(causes: Causes) -> Iterator[Change]:
    """What happened to each table; the types of its fields are left to the causes."""
    old, new = causes.old.tables_by_name, causes.new.tables_by_name
    former = {name: table for table in causes.new.tables for name in table.renamed_from}
    for name, table in old.items():
        now = new.get(name) or former.get(name)
        if now is None:
            says = "is no longer declared: its documents stay in the database, and nothing reads them"
            yield _change("table_removed", table, says, "keep it, or rename it with renamed_from; it is data, not code")
            continue
        if now.name != name:
            says = f"is called {now.name} now: its documents and their ids stay"
            yield _change("table_renamed", table, says, "", was=name, now=now.name, origin=now.origin)
        yield from _fields(causes, table, now)
        yield from _indexes(table, now)
    for name in sorted(new.keys() - old.keys()):
        if not any(each in old for each in new[name].renamed_from):
            yield _change("table_added", new[name], "is new", "")


def _fields(causes: Causes, old: Table, new: Table) -> Iterator[Change]:
    before = {f.name: f for f in causes.old.document(old.name).fields[2:]}
    for known in causes.new.document(new.name).fields[2:]:
        was = next((before.pop(name) for name in (known.name, *known.renamed_from) if name in before), None)
        label = f"{new.document}.{known.name}"
        if was is not None:
            causes.stored(Root(Side.STORED, label, origin=known.origin), was.type, known.type)
        elif known.required and known.default is MISSING:
            yield _field_required(label, known)
    for name, field in before.items():
        says = "is no longer declared: its values stay in the database, and nothing reads them"
        at = f"{new.document}.{name}"
        yield Change(
            "stored_field_forgotten", SAFE, Side.STORED, at, says, "", old=spelled(field.type), origin=new.origin
        )


def _field_required(label: str, known: Field) -> Change:
    says = "is new and required: documents stored before have no value for it"
    fix = f"give it a default, declare it {known.name}: ... | None = None, or fill it in a migration"
    return Change(
        "stored_field_required", DATA, Side.STORED, label, says, fix, new=spelled(known.type), origin=known.origin
    )


def _indexes(old: Table, new: Table) -> Iterator[Change]:
    before = {index.name: index for index in old.indexes}
    for index in new.indexes:
        known = before.pop(index.name, None)
        fields = ", ".join(index.fields)
        was_unique = known is not None and known.unique and known.fields == index.fields
        at = f"{new.document}.{index.name}"
        if index.unique and not was_unique:
            says = f"is unique now: two documents may share their {fields}"
            fix = "look at stored documents with --database, or tell them apart in a migration first"
            yield Change("index_became_unique", DATA, Side.STORED, at, says, fix, origin=index.origin)
        elif known is None or known != index:
            says = f"is {'new' if known is None else 'another'} index on {fields}: it is built when the server starts"
            says = says.replace("is new index", "is a new index").replace("is another index", "is another index")
            yield Change("index_changed", SAFE, Side.STORED, at, says, "", origin=index.origin)
    for name in sorted(before):
        yield Change("index_changed", SAFE, Side.STORED, f"{new.document}.{name}", "is gone", "", origin=new.origin)
    if old.search_indexes != new.search_indexes:
        says = "has other search indexes: they are built when the server starts"
        yield _change("index_changed", new, says, "", origin=new.origin)


def _change(
    rule: str, table: Table, says: str, fix: str, was: str = "", now: str = "", origin: Origin | None = None
) -> Change:
    levels = DATA if fix else SAFE
    return Change(
        rule, levels, Side.STORED, f"table {table.name}", says, fix, old=was, new=now, origin=origin or table.origin
    )
