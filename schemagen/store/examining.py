"""Whether a database would fit a contract, without changing it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from schemagen.model.contract import Contract
from schemagen.store.errors import DatabaseInUse, Misfit, StoreError
from schemagen.store.layout import Evolution, Fill, layout_from_json
from schemagen.store.lock import DatabaseLock
from schemagen.store.migrations import Migrations, MigrationState, pending
from schemagen.store.tables import stored_tables
from schemagen.wire.codec import Codec


@dataclass(frozen=True, slots=True)
class Examination:
    """What the next start would find. A database that is not there fits everything."""

    states: dict[str, MigrationState] = field(default_factory=dict)
    """The migrations that have begun, by name."""
    is_served: bool = False
    """Another process has the database: then nothing could be tried, and the rest is empty."""
    refused: tuple[Misfit, ...] = ()
    waiting: dict[str, tuple[Misfit, ...]] = field(default_factory=dict)
    """By table, what does not fit until its migrations have run."""


def examine(path: str, contract: Contract, codec: Codec, fill: Fill, migrations: Mapping[str, str]) -> Examination:
    """Try the evolution of the database at `path`, and take it back. Raises `StoreError`."""
    if not Path(path).exists():
        return Examination()
    try:
        lock = DatabaseLock(path)
    except DatabaseInUse:
        with closing(_connect(path, "ro")) as connection:
            return Examination(_states(connection), is_served=True)
    try:
        with closing(_connect(path, "rw")) as connection:
            return _tried(connection, contract, codec, fill, migrations)
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be examined: {error}") from error
    finally:
        lock.release()


def _connect(path: str, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=5)


def _tried(
    connection: sqlite3.Connection, contract: Contract, codec: Codec, fill: Fill, migrations: Mapping[str, str]
) -> Examination:
    if not _has(connection, "_meta"):
        return Examination()
    states = _states(connection)
    connection.execute("BEGIN IMMEDIATE")
    try:
        (layout,) = connection.execute("SELECT value FROM _meta WHERE key = 'layout'").fetchone() or ("{}",)
        waiting = pending(migrations, states).values()
        evolution = Evolution(connection, layout_from_json(layout), contract, codec, fill, waiting)
        refused = evolution.apply(stored_tables(contract, codec))
    finally:
        connection.execute("ROLLBACK")
    return Examination(states, False, refused, evolution.deferred)


def _states(connection: sqlite3.Connection) -> dict[str, MigrationState]:
    return Migrations(connection).states() if _has(connection, "_migrations") else {}


def _has(connection: sqlite3.Connection, table: str) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None
