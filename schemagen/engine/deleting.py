"""Deleting a document with all that refers to it: found first, as a whole, and only then written.

So a document that is deleted along stands in nobody's way, whatever the order in which it is met, and a refusal has
changed nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never, cast

from schemagen.declare import Id, ReferencedDocument
from schemagen.engine.catalog import Catalog, CatalogTable, Referrer
from schemagen.engine.metered import MeteredStore
from schemagen.model.contract import OnDelete
from schemagen.store.tables import Row


@dataclass(slots=True)
class Deletion:
    """What deleting one document does."""

    deleted: dict[str, tuple[CatalogTable, Row]]
    """The documents that go, by id: the one that was asked for first, each before those that go because of it."""
    emptied: dict[str, tuple[CatalogTable, dict[str, None]]] = field(default_factory=dict)
    """Documents that stay, by id, and which of their fields become None."""

    @property
    def alone(self) -> bool:
        """Whether nothing but the document itself is concerned."""
        return len(self.deleted) == 1 and not self.emptied


def deletion(store: MeteredStore, catalog: Catalog, table: CatalogTable, row: Row) -> Deletion:
    """Everything that goes with a stored document. Raises `ReferencedDocument` if one that stays forbids it."""
    found = Deletion({cast(str, row[0]): (table, row)})
    staying: dict[Referrer, list[str]] = {}
    level = {table.name: [cast(str, row[0])]}
    while level:  # every document enters once, so references in a circle end
        further: dict[str, list[str]] = {}
        for name, ids in level.items():
            for referrer in catalog.referrers.get(name, ()):
                referring = store.referring(referrer.table.stored, referrer.reference, ids)
                if referrer.reference.on_delete is OnDelete.CASCADE:
                    new = [id_ for id_ in referring if id_ not in found.deleted]
                    rows = {each[0]: each for each in store.get_many(referrer.table.stored, new)}
                    found.deleted |= {id_: (referrer.table, rows[id_]) for id_ in new}
                    further.setdefault(referrer.table.name, []).extend(new)
                else:
                    staying.setdefault(referrer, []).extend(referring)
        level = {name: ids for name, ids in further.items() if ids}
    for referrer, referring in staying.items():
        _let_stay(found, referrer, [id_ for id_ in referring if id_ not in found.deleted])
    return found


def _let_stay(found: Deletion, referrer: Referrer, ids: list[str]) -> None:
    """What becomes of documents that refer to a deleted one and are not deleted themselves."""
    name = referrer.reference.key.field
    match referrer.reference.on_delete:
        case OnDelete.RESTRICT:
            if ids:
                error = ReferencedDocument(table=referrer.table.name, field=name)
                error.count, error.example_id = len(ids), Id(ids[0])
                raise error
        case OnDelete.SET_NULL:
            for id_ in ids:
                found.emptied.setdefault(id_, (referrer.table, {}))[1][name] = None
        case OnDelete.CASCADE:
            assert not ids
        case _:
            assert_never(referrer.reference.on_delete)
