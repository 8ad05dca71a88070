"""Deleting a document with all that refers to it: found first, as a whole, and only then written.

So a document that is deleted along stands in nobody's way, whatever the order in which it is met, and a refusal has
changed nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

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
    emptied: dict[str, tuple[CatalogTable, Row, dict[str, None]]] = field(default_factory=dict)
    """Documents that stay, by id, and which of their fields become None."""

    @property
    def alone(self) -> bool:
        """Whether nothing but the document itself is concerned."""
        return len(self.deleted) == 1 and not self.emptied


def deletion(store: MeteredStore, catalog: Catalog, table: CatalogTable, row: Row) -> Deletion:
    """Everything that goes with a stored document. Raises `ReferencedDocument` if one that stays forbids it."""
    found = Deletion({cast(str, row[0]): (table, row)})
    _follow(found, store, catalog)
    going: dict[str, list[str]] = {}
    for id_, (of, _) in found.deleted.items():
        going.setdefault(of.name, []).append(id_)
    staying = [
        (referrer, ids)
        for name, ids in going.items()
        for referrer in catalog.referrers.get(name, ())
        if referrer.reference.on_delete is not OnDelete.CASCADE
    ]
    for referrer, ids in staying:
        if referrer.reference.on_delete is OnDelete.RESTRICT:
            _refuse_if_one_stays(found, store, referrer, ids)
    for referrer, ids in staying:
        if referrer.reference.on_delete is OnDelete.SET_NULL:
            _empty(found, store, referrer, ids)
    return found


def _follow(found: Deletion, store: MeteredStore, catalog: Catalog) -> None:
    """Delete what refers by cascade, and what refers to that; every document enters once, so circles end."""
    level = {of.name: [id_] for id_, (of, _) in found.deleted.items()}
    while level:
        further: dict[str, list[str]] = {}
        for name, ids in level.items():
            for referrer in catalog.referrers.get(name, ()):
                if referrer.reference.on_delete is not OnDelete.CASCADE:
                    continue
                table = referrer.table
                referring = store.referring(table.stored, referrer.reference, ids)
                rows = _rows(store, table, [id_ for id_ in referring if id_ not in found.deleted])
                found.deleted |= {id_: (table, row) for id_, row in rows.items()}
                if rows:
                    further.setdefault(table.name, []).extend(rows)
        level = further


def _refuse_if_one_stays(found: Deletion, store: MeteredStore, referrer: Referrer, ids: list[str]) -> None:
    """Raise `ReferencedDocument` if not all that refer to `ids` go too. However many stay, only one is read."""
    table, reference = referrer.table, referrer.reference
    wanted = set(ids)
    go_too = sum(of is table and row[reference.key.position] in wanted for of, row in found.deleted.values())
    stay = store.count_referring(table.stored, reference, ids) - go_too
    if not stay:
        return
    some = store.referring(table.stored, reference, ids, limit=go_too + 1)
    error = ReferencedDocument(table=table.name, field=reference.key.field)
    error.count, error.example_id = stay, Id(next(id_ for id_ in some if id_ not in found.deleted))
    raise error


def _empty(found: Deletion, store: MeteredStore, referrer: Referrer, ids: list[str]) -> None:
    table = referrer.table
    stay = [id_ for id_ in store.referring(table.stored, referrer.reference, ids) if id_ not in found.deleted]
    for id_, row in _rows(store, table, [id_ for id_ in stay if id_ not in found.emptied]).items():
        found.emptied[id_] = (table, row, {})
    for id_ in stay:
        found.emptied[id_][2][referrer.reference.key.field] = None


def _rows(store: MeteredStore, table: CatalogTable, ids: list[str]) -> dict[str, Row]:
    """Stored rows by id, in the order of `ids`."""
    if not ids:
        return {}
    rows = {cast(str, row[0]): row for row in store.get_many(table.stored, ids)}
    return {id_: rows[id_] for id_ in ids}
