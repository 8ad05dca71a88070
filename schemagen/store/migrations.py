"""The migrations of one database: which ones have run, how far the others are, and the rows that are next.

A migration goes through the documents there are when it begins, in order of creation, up to a bound. Documents stored
while it runs are never handed to it: they lie above the bound, or, where a clock was set back, are noted as exempt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any, Final, TypeAlias, assert_never
from uuid import UUID

import orjson

from schemagen.store.columns import SqlValue
from schemagen.store.tables import CREATION_TIME_COLUMN, ID_COLUMN, Row, StoredTable, quoted
from schemagen.wire.storage import Storage

if TYPE_CHECKING:
    from schemagen.store.layout import StoredLayout

MIGRATIONS_SQL: Final = """
CREATE TABLE IF NOT EXISTS _migrations (
    name TEXT PRIMARY KEY NOT NULL, "table" TEXT NOT NULL, done INTEGER NOT NULL, total INTEGER NOT NULL,
    cursor_time TEXT NOT NULL, cursor_id TEXT NOT NULL, bound_time TEXT NOT NULL, bound_id TEXT NOT NULL,
    started TEXT NOT NULL, finished TEXT, error TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS _migrations_exempt (
    name TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (name, id)
) WITHOUT ROWID;
"""

_KEY: Final = f"({quoted(CREATION_TIME_COLUMN)}, {quoted(ID_COLUMN)})"
_ORDER: Final = f"{quoted(CREATION_TIME_COLUMN)}, {quoted(ID_COLUMN)}"

StoredValues: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MigrationState:
    """How far a migration is that has begun."""

    name: str
    table: str
    done: int
    total: int
    started: str
    """A moment, as creation times are stored."""
    finished: str | None
    error: str | None
    """What stopped it; None while nothing did."""


class Migrations:
    """Reads and writes inside transactions that the caller begins and ends."""

    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute
        self._bounds: dict[str, tuple[str, str, str]] = {}
        """Table, time and id of the last document of each migration that runs."""

    def states(self) -> dict[str, MigrationState]:
        """Every migration that has begun, by name."""
        rows = self._execute('SELECT name, "table", done, total, started, finished, error FROM _migrations')
        return {row[0]: MigrationState(*row) for row in rows}

    def begin(self, name: str, table: StoredTable, now: str) -> None:
        """Take down which documents there are. Does nothing but forget an error if it has begun before."""
        (total,) = self._execute(f"SELECT COUNT(*) FROM {table.sql}").fetchone()
        last = self._execute(
            f"SELECT {_ORDER} FROM {table.sql} ORDER BY {_ORDER.replace(',', ' DESC,')} DESC LIMIT 1"
        ).fetchone()
        self._execute(
            "INSERT INTO _migrations VALUES (?, ?, 0, ?, '', '', ?, ?, ?, ?, NULL) "
            "ON CONFLICT (name) DO UPDATE SET error = NULL",
            (name, table.name, total, *(last or ("", "")), now, None if total else now),
        )
        bound = self._execute("SELECT bound_time, bound_id FROM _migrations WHERE name = ?", (name,)).fetchone()
        self._bounds[name] = (table.name, *bound)

    def next_rows(
        self, name: str, table: StoredTable, layout: StoredLayout, limit: int
    ) -> list[tuple[Row, StoredValues]]:
        """The rows that are next, each also with everything that is stored of it; none if the migration is through."""
        columns, others = table_columns(table), _others(table, layout)
        listing = ", ".join(quoted(column) for column in (*columns, *(column for _, column, _ in others)))
        cursor = self._execute(
            "SELECT cursor_time, cursor_id, bound_time, bound_id FROM _migrations WHERE name = ?", (name,)
        ).fetchone()
        rows = self._execute(
            f"SELECT {listing} FROM {table.sql} WHERE {_KEY} > (?, ?) AND {_KEY} <= (?, ?) ORDER BY {_ORDER} LIMIT ?",
            (*cursor, limit),
        ).fetchall()
        width = len(columns)
        return [(row[:width], _values(row, table, others)) for row in rows]

    def exempt(self, name: str) -> frozenset[str]:
        """Ids of documents at or below the bound that were stored after the migration began."""
        found = self._execute("SELECT id FROM _migrations_exempt WHERE name = ?", (name,))
        return frozenset(id_ for (id_,) in found)

    @property
    def under_way(self) -> bool:
        """Whether one has begun and is not finished."""
        return bool(self._bounds)

    def inserted(self, table: str, row: Row) -> None:
        """Note a new document, in the transaction that stores it."""
        for name, (of_table, *bound) in self._bounds.items():
            if of_table == table and [row[1], row[0]] <= bound:  # type: ignore[operator]  # both are texts
                self._execute("INSERT OR IGNORE INTO _migrations_exempt VALUES (?, ?)", (name, row[0]))

    def advance(self, name: str, last: Row, count: int) -> None:
        """`count` documents more are done, the last of them this one."""
        self._execute(
            "UPDATE _migrations SET done = done + ?, cursor_time = ?, cursor_id = ? WHERE name = ?",
            (count, last[1], last[0], name),
        )

    def finish(self, name: str, now: str) -> None:
        self._execute("UPDATE _migrations SET finished = ? WHERE name = ?", (now, name))
        self._execute("DELETE FROM _migrations_exempt WHERE name = ?", (name,))
        self._bounds.pop(name, None)

    def fail(self, name: str, error: str) -> None:
        self._execute("UPDATE _migrations SET error = ? WHERE name = ?", (error, name))


def table_columns(table: StoredTable) -> tuple[str, ...]:
    """The columns of a row, in its order."""
    return (ID_COLUMN, CREATION_TIME_COLUMN, *(held.name for held in table.columns))


def _others(table: StoredTable, layout: StoredLayout) -> list[tuple[str, str, Storage]]:
    """What is stored beside the declared columns: field, column, storage. First what was put aside."""
    declared = {held.name for held in table.columns}
    aside = [(field, kept["column"], Storage(kept["storage"])) for field, kept in layout.aside.items()]
    return aside + [(name, name, Storage(f.storage)) for name, f in layout.fields.items() if name not in declared]


def _values(row: Row, table: StoredTable, others: list[tuple[str, str, Storage]]) -> StoredValues:
    values: StoredValues = {"id": row[0], "creation_time": plain_value(Storage.DATETIME, row[1])}
    values |= {held.name: plain_value(held.storage, row[at]) for at, held in enumerate(table.columns, start=2)}
    for at, (field, _, storage) in enumerate(others, start=2 + len(table.columns)):
        if values.get(field) is None:  # what was put aside is the value until the migration has given another one
            values[field] = plain_value(storage, row[at])
    return values


def plain_value(storage: Storage, value: SqlValue) -> Any:
    """A stored value as Python has it, without the type that it was declared with."""
    if value is None:
        return None
    text: Any = value
    match storage:
        case Storage.TEXT | Storage.INTEGER | Storage.BLOB:
            return value
        case Storage.REAL:
            return float(text)
        case Storage.BOOLEAN:
            return bool(value)
        case Storage.DATETIME:
            return datetime.fromisoformat(text)
        case Storage.DATE:
            return date.fromisoformat(text)
        case Storage.TIME:
            return time.fromisoformat(text)
        case Storage.TIMEDELTA:
            return timedelta(microseconds=text)
        case Storage.UUID:
            return UUID(text)
        case Storage.DECIMAL:
            return Decimal(text)
        case Storage.JSON:
            return orjson.loads(text)
        case _:
            assert_never(storage)


def pending(declared: Mapping[str, str], states: Mapping[str, MigrationState]) -> dict[str, str]:
    """Those of the declared migrations (name → table) that are not finished, in their order."""
    return {name: table for name, table in declared.items() if name not in states or states[name].finished is None}
