"""What the documents of one database have to say of changes to what is stored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from schemagen.check.changes import LANGUAGES, Change, Level, Side
from schemagen.model.contract import Contract, reachable


@dataclass(frozen=True, slots=True)
class Documents:
    """What was found in a database that the new schema was tried on."""

    name: str
    """`sqlite:///crm.db`."""
    counts: Mapping[str, int]
    """How many documents there are, by table, under the names of the new schema and of tables that are gone."""
    refused: Mapping[str, str]
    """What does not fit, by place (`contacts.stage`, or an index `contacts.by_email`): how many, and an example."""
    migrated: Mapping[str, str]
    """The same for what a migration that has not run yet is there to change."""


def judged_by_documents(changes: Iterable[Change], documents: Documents, new: Contract) -> tuple[Change, ...]:
    """The changes, those to stored data with what the documents say; safe where no document stands against them."""
    changes = tuple(changes)
    asked = {number: _places(change, new) for number, change in enumerate(changes) if _is_asked(change)}
    places = {number: found for number, found in asked.items() if found}  # without any, nothing is known of it
    explained = {place for found in places.values() for place in found}
    if documents.refused.keys() - explained:
        # Something is wrong that no change accounts for, and hides what comes after it: nothing is known of the rest.
        return tuple(_violated(change, documents) if n in places else change for n, change in enumerate(changes))
    return tuple(
        _judged(change, places[number], documents) if number in places else change
        for number, change in enumerate(changes)
    )


def _is_asked(change: Change) -> bool:
    """Whether trying the new schema on the documents tells: it looks at values, keys, and tables with two names."""
    tried = change.rule.startswith(("stored_", "index_")) or change.rule in ("table_removed", "rename_ambiguous")
    return tried and change.side is Side.STORED and change.level is Level.DATA


def _judged(change: Change, places: tuple[str, ...], documents: Documents) -> Change:
    tables = sorted({place.partition(".")[0] for place in places})
    refused = [f"{place} {documents.refused[place]}" for place in places if place in documents.refused]
    count = sum(documents.counts.get(table, 0) for table in tables)
    if refused or (change.rule == "table_removed" and count):
        return _saying(change, f"in {documents.name} " + ("; ".join(refused) or f"there are {_counted(count)}"))
    waiting = [f"{place} {documents.migrated[place]}" for place in places if place in documents.migrated]
    safe = replace(change, levels=dict.fromkeys(LANGUAGES, Level.SAFE))
    if waiting:
        return _saying(safe, f"in {documents.name} a migration is there to change them: {'; '.join(waiting)}")
    found = f"all {_counted(count)} of {', '.join(tables)} fit" if count else f"{', '.join(tables)} has no documents"
    return _saying(safe, f"in {documents.name} {found}")


def _violated(change: Change, documents: Documents) -> Change:
    found = "; ".join(f"{place} {problem}" for place, problem in sorted(documents.refused.items()))
    return _saying(change, f"in {documents.name} {found}")


def _saying(change: Change, more: str) -> Change:
    return replace(change, says=f"{change.says}; {more}")


def _places(change: Change, new: Contract) -> tuple[str, ...]:
    """The fields and indexes of tables in which a change is felt, in the words of the new schema, sorted."""
    if change.at.startswith("table "):
        return (change.at.removeprefix("table "),)
    found = re.match(r"(\w+)(?:\.(\w+))?", change.at)
    assert found is not None, "a change of what is stored says where"
    owner, field = found[1], found[2] or ""
    places = {f"{table.name}.{field}" for table in new.tables if table.document == owner}
    for table in new.tables:
        for each in new.document(table.name).fields:
            if owner in reachable(new, (each.type,)):
                places.add(f"{table.name}.{each.name}")
    return tuple(sorted(places))


def _counted(count: int) -> str:
    return "1 document" if count == 1 else f"{count} documents"
