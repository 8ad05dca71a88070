"""The tables of a running backend: their stored form, their documents, and their indexes by number."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from schemagen.declare import Table
from schemagen.engine.documents import Documents
from schemagen.engine.keys import ABOVE, NULL_PART, Part, part_of
from schemagen.engine.read_set import BY_ID_FIXED, Read
from schemagen.engine.search_index import CatalogSearch
from schemagen.model.contract import NamedType
from schemagen.store.search import StoredSearch
from schemagen.store.tables import ID_KEY, KeyColumn, Row, StoredIndex, StoredReference, StoredTable, quoted
from schemagen.wire.codec import Codec
from schemagen.wire.storage import Storage

BY_ID = "by_id"
"""The index every table has because its ids are unique."""


class CatalogIndex:
    """An index, with what its key columns become in memory."""

    __slots__ = ("_columns", "fields", "number", "parts", "positions", "storages", "stored")

    def __init__(self, number: int, stored: StoredIndex) -> None:
        self.number = number
        """Unique in a catalog."""
        self.stored = stored
        self.fields = tuple(key.field for key in stored.key)
        self.positions = tuple(key.position for key in stored.key)
        self.storages: tuple[Storage, ...] = tuple(key.storage for key in stored.key)
        self.parts: tuple[Part, ...] = tuple(map(part_of, self.storages))
        self._columns = tuple(zip(self.positions, self.parts, strict=True))

    @property
    def key(self) -> tuple[KeyColumn, ...]:
        return self.stored.key

    def row_parts(self, row: Row, start: int = 0) -> list[bytes]:
        """The parts of a row's key from column `start` on."""
        return [
            NULL_PART if (value := row[position]) is None else part(value)
            for position, part in (self._columns[start:] if start else self._columns)
        ]

    def row_key(self, row: Row, start: int = 0) -> bytes:
        return b"".join(self.row_parts(row, start))


@dataclass(frozen=True, slots=True)
class CatalogTable:
    """One table, ready to be read and written."""

    name: str
    type: type[Table]
    stored: StoredTable
    documents: Documents
    by_id: CatalogIndex
    indexes: tuple[CatalogIndex, ...]
    """All of them, `by_id` and `by_creation_time` too, by name."""
    searches: Mapping[str, CatalogSearch]
    """By name."""

    def read_of_id(self, id_: str) -> Read:
        """What is at an id, also if nothing is: what is not there was read too."""
        key = self.by_id.parts[0](id_)
        return Read((self.by_id.number, BY_ID_FIXED, key), key, key + ABOVE)


@dataclass(frozen=True, slots=True, eq=False)
class Referrer:
    """A table that refers to another one, and by which reference."""

    table: CatalogTable
    reference: StoredReference


class Catalog:
    def __init__(
        self,
        tables: Mapping[str, type[Table]],
        stored: Mapping[str, StoredTable],
        codec: Codec,
        named: Mapping[str, NamedType],
    ) -> None:
        self._numbers = 0
        self.by_name = {
            name: self._table(tables[name], stored_table, codec, named) for name, stored_table in stored.items()
        }
        self.by_type = {table.type: table for table in self.by_name.values()}
        self.referrers: dict[str, list[Referrer]] = {}
        """Who refers to a table, by its name."""
        for table in self.by_name.values():
            for reference in table.stored.references:
                self.referrers.setdefault(reference.table, []).append(Referrer(table, reference))
        self._by_prefix = {former: table for table in self.by_name.values() for former in table.stored.former_names}
        self._by_prefix |= self.by_name
        self._closed: dict[type[Table], CatalogTable] = {}

    def close(self, names: Collection[str]) -> None:
        """Let nobody read these tables: their documents do not fit their classes until they are migrated."""
        closed = [table for table in self.by_name.values() if table.name in names]
        self._closed = {table.type: self.by_type.pop(table.type) for table in closed}
        self._by_prefix = {prefix: table for prefix, table in self._by_prefix.items() if table not in closed}

    def reopen(self) -> None:
        self.by_type |= self._closed
        for table in self._closed.values():
            self._by_prefix |= dict.fromkeys((table.name, *table.stored.former_names), table)
        self._closed = {}

    def _table(
        self, table: type[Table], stored: StoredTable, codec: Codec, named: Mapping[str, NamedType]
    ) -> CatalogTable:
        # SQLite keeps a unique index of its own for a text primary key, always under this name.
        by_id = self._index(StoredIndex(BY_ID, quoted(f"sqlite_autoindex_{stored.name}_1"), (ID_KEY,)))
        others = [self._index(stored.indexes[name]) for name in sorted(stored.indexes)]
        documents = Documents(table, stored, codec, named)
        searches = {search.name: self._search(stored, search) for search in stored.searches}
        return CatalogTable(stored.name, table, stored, documents, by_id, (by_id, *others), searches)

    def _index(self, stored: StoredIndex) -> CatalogIndex:
        self._numbers += 1
        return CatalogIndex(self._numbers, stored)

    def _search(self, table: StoredTable, stored: StoredSearch) -> CatalogSearch:
        first = self._numbers + 1
        self._numbers += len(stored.filters) + 1
        return CatalogSearch(tuple(range(first, self._numbers + 1)), table, stored)

    def of_type(self, table: type[Table]) -> CatalogTable:
        found = self.by_type.get(table)
        if table in self._closed:
            raise TypeError(
                f"{table.__name__} is read by a migration while its own documents do not fit the schema yet: "
                "use what the migration is given of each document"
            )
        if found is None:
            raise TypeError(f"{table!r} is no table of this backend: ctx.db takes classes declared with Table")
        return found

    def of_id(self, id_: object) -> CatalogTable:
        """The table an id names in its own text, by the name it had when the id was made."""
        found = self._by_prefix.get(id_.rpartition("_")[0]) if isinstance(id_, str) else None
        if found is None:
            raise TypeError(f"{id_!r} is no id of any table; ids are what ctx.db.insert() returns and doc.id holds")
        return found
