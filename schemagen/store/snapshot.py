"""A database as it stands at one commit, on a connection of its own: whoever serves it goes on writing meanwhile."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from schemagen.model.contract import Contract
from schemagen.store.errors import OtherSchema, StoreError
from schemagen.store.layout import UNCHECKED, Layout, layout_from_json, shape
from schemagen.store.tables import ID_KEY, Row, StoredTable, stored_tables
from schemagen.wire.codec import Codec

ROWS_AT_ONCE = 500
"""So many rows are in memory at a time."""


class Snapshot:
    """All rows of a database at one commit. It holds a read transaction, so `close` it soon."""

    def __init__(self, connection: sqlite3.Connection, ts: int, tables: dict[str, StoredTable]) -> None:
        self.ts = ts
        """The commit it stands at."""
        self.tables = tables
        self._connection = connection

    @classmethod
    def open(cls, path: str, contract: Contract, codec: Codec) -> Snapshot:
        """Raises `OtherSchema` if the database is not laid out as the contract says, or another `StoreError`."""
        connection, meta = reading(path)
        try:
            tables = stored_tables(contract, codec)
            differences = tuple(_differences(layout_from_json(meta.get("layout", "{}")), tables, contract))
            if differences:
                raise OtherSchema(path, differences)
            return cls(connection, meta.get("ts", 0), tables)
        except BaseException:
            connection.close()
            raise

    def count(self, table: str) -> int:
        found: int = self._connection.execute(f"SELECT COUNT(*) FROM {self.tables[table].sql}").fetchone()[0]
        return found

    def rows(self, table: str) -> Iterator[Row]:
        """Every row of a table in order of its id, `ROWS_AT_ONCE` of them in memory."""
        cursor = self._connection.execute(f"{self.tables[table].select_sql} ORDER BY {ID_KEY.sql}")
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from rows

    def close(self) -> None:
        self._connection.close()


def reading(path: str) -> tuple[sqlite3.Connection, Mapping[str, Any]]:
    """A connection in a read transaction of its own, and the engine's notes in that database. Raises `StoreError`."""
    if not Path(path).is_file():
        raise StoreError(f"there is no database {path}")
    try:
        # Not mode=ro: without a server the first reader has to make the files that WAL needs.
        connection = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
        try:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_meta'").fetchone() is None:
                raise StoreError(f"{path} is no database of schemagen's")
            return connection, dict(connection.execute("SELECT key, value FROM _meta").fetchall())
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be read: {error}") from error


def schema_digest(contract: Contract) -> str:
    """16 hexadecimal digits for what documents are: names and types of all fields of all tables."""
    shapes = {
        table.name: {field.name: shape(field, contract) for field in contract.document(table.name).fields[2:]}
        for table in contract.tables
    }
    return hashlib.sha256(orjson.dumps(shapes, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def _differences(layout: Layout, tables: Mapping[str, StoredTable], contract: Contract) -> Iterator[str]:
    """What is declared and not stored so. What is stored and no longer declared is not in the way."""
    for table in tables.values():
        stored = layout.get(table.name)
        if stored is None:
            yield f"{table.name} is not there yet"
            continue
        for held in table.columns:
            known = stored.fields.get(held.name)
            if known is None or not known.declared:
                yield f"{table.name}.{held.name} is not there yet"
            elif known.shape == UNCHECKED:
                yield f"{table.name}.{held.name} waits for a migration"
            elif (known.storage, known.shape) != (held.storage.value, shape(held.field, contract)):
                yield f"{table.name}.{held.name} had another type when the database was last opened"
