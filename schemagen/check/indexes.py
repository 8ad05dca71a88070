"""Indexes, searches and references of a table: what stored documents have to obey, and what is built anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from schemagen.check.cause import DATA, SAFE
from schemagen.check.changes import Change, Side
from schemagen.model.contract import Index, OnDelete, Origin, Table


def index_changes(old: Table, new: Table, was: Mapping[str, str | None], filled: frozenset[str]) -> Iterator[Change]:
    """What happened to the indexes of a table.

    `was` gives the former name of each field, None if it is new; `filled` has those of the new ones that stored
    documents hold null in.
    """
    before = {index.name: index for index in old.indexes}
    for index in new.indexes:
        known = before.pop(index.name, None)
        fields = tuple(was[name] for name in index.fields)
        if index.unique and not _is_kept(old, fields) and not filled.intersection(index.fields):
            yield _unique(new, index)
        elif known is None or (known.fields, known.unique) != (fields, index.unique):
            what = "a new index" if known is None else "another index"
            says = f"is {what} on {', '.join(index.fields)}: it is built when the server starts"
            yield _change("index_changed", new, index.name, says, index.origin)
    for name in sorted(before):
        yield _change("index_changed", new, name, "is gone", new.origin)


def _is_kept(old: Table, fields: tuple[str | None, ...]) -> bool:
    """What some of the fields tell apart, all of them do."""
    return any(index.unique and set(index.fields) <= set(fields) for index in old.indexes)


def _unique(table: Table, index: Index) -> Change:
    says = f"is unique now: stored documents may share their {', '.join(index.fields)}"
    fix = "look for such documents with --database, or tell them apart in a migration first"
    at = f"{table.document}.{index.name}"
    return Change("index_became_unique", DATA, Side.STORED, at, says, fix, origin=index.origin)


def search_changes(old: Table, new: Table, was: Mapping[str, str | None]) -> Iterator[Change]:
    """What happened to the search indexes of a table."""
    before = {index.name: index for index in old.search_indexes}
    for index in new.search_indexes:
        known = before.pop(index.name, None)
        if known is None:
            says = f"is a new search index on {index.text_field}: it is built when the server starts"
            yield _change("index_changed", new, index.name, says, index.origin)
            continue
        text_field, filters = was[index.text_field], tuple(was[name] for name in index.filters)
        if (known.text_field, known.filters) != (text_field, filters):
            says = f"is another search index on {index.text_field}: it is built when the server starts"
            yield _change("index_changed", new, index.name, says, index.origin)
    for name in sorted(before):
        yield _change("index_changed", new, name, "is gone", new.origin)


def reference_changes(old: Table, new: Table, was: Mapping[str, str | None]) -> Iterator[Change]:
    """What happened to the references of a table. Ids that lead nowhere are not looked for when a server starts."""
    before = {reference.name: reference for reference in old.references}
    for reference in new.references:
        former = was[reference.name]
        known = None if former is None else before.pop(former, None)
        if known is None or known.on_delete is not reference.on_delete:
            says = f"deleting a document of {reference.table} {_ON_DELETE[reference.on_delete]}"
            old_text = "" if known is None else known.on_delete.value
            yield _change(
                "reference_changed", new, reference.name, says, reference.origin, old_text, reference.on_delete
            )
    for reference in before.values():
        says = f"deleting a document of {reference.table} leaves those that name it as they are"
        yield _change("reference_changed", new, reference.name, says, new.origin, reference.on_delete)


_ON_DELETE: Final = {
    OnDelete.RESTRICT: "is refused while one of these refers to it",
    OnDelete.CASCADE: "deletes those that refer to it",
    OnDelete.SET_NULL: "sets this to null in those that refer to it",
}


def _change(
    rule: str, table: Table, name: str, says: str, origin: Origin | None, was: str = "", now: str = ""
) -> Change:
    at = f"{table.document}.{name}"
    return Change(rule, SAFE, Side.STORED, at, says, "", old=was, new=now, origin=origin)
