"""A contract's tables in one SQLite database. One thread at a time uses a store; one process owns the database."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

import orjson

from schemagen.model.contract import Contract, Json, Missing
from schemagen.store.clients import CLIENTS_SQL, Clients
from schemagen.store.columns import SqlValue
from schemagen.store.errors import Misfit, SchemaMismatch, StoreError, StoreUnavailable
from schemagen.store.finding import Entry, find_entries
from schemagen.store.layout import Evolution, Layout, layout_from_json, layout_to_json
from schemagen.store.lock import DatabaseLock
from schemagen.store.migrations import MIGRATIONS_SQL, Migrations, pending
from schemagen.store.ranges import IndexRange, count_sql, first_key_sql, range_sql
from schemagen.store.recent import RecentlyUsed
from schemagen.store.search import StoredSearch, write_entries
from schemagen.store.tables import ID_KEY, Row, StoredReference, StoredTable, stored_tables
from schemagen.store.tokens import Terms
from schemagen.store.uniqueness import violation
from schemagen.wire.codec import Codec

REQUESTS_KEPT_SECONDS = 7 * 86_400
"""How long the answer of a mutation is kept for a client that asks again."""

STATEMENTS_MAX = 1024
"""Statements that are kept, as text and prepared."""

CACHE_BYTES = 32 * 1_048_576
"""Pages of the database that are kept in memory, unless told otherwise."""

_FORGET_EVERY_SECONDS = 600
_CHUNK = 1024
_STEPS_BETWEEN_QUESTIONS = 100_000
_FORMAT = 1

_META_SQL = """
CREATE TABLE IF NOT EXISTS _meta (key TEXT PRIMARY KEY NOT NULL, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS _requests (
    key TEXT PRIMARY KEY NOT NULL, digest BLOB NOT NULL, created INTEGER NOT NULL, ts INTEGER NOT NULL,
    answer BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS _requests_by_created ON _requests (created);
"""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What a mutation answered when it ran: `answer` is the engine's own bytes, `digest` tells calls apart."""

    digest: bytes
    ts: int
    answer: bytes


class SqliteStore:
    """Rows by id and by index range, inside transactions that the caller begins and ends."""

    def __init__(self, connection: sqlite3.Connection, lock: DatabaseLock | None, path: str) -> None:
        self.path = path
        self.tables: dict[str, StoredTable] = {}
        self.ts = 0
        """The last commit that changed documents; 0 before the first."""
        self.layout: Layout = {}
        self.unfit: dict[str, tuple[Misfit, ...]] = {}
        """What does not fit the schema until migrations have run, by table; then only these may touch it."""
        self.migrations = Migrations(connection)
        self.clients = Clients(connection)
        self._grow: Callable[[], None] = lambda: None
        self._connection = connection
        self._lock = lock
        self._execute = connection.execute
        self._statements: RecentlyUsed[tuple[object, ...], str] = RecentlyUsed(STATEMENTS_MAX)
        self._forget_at = 0
        self._interruptible = False

    @classmethod
    def open(
        cls,
        path: str | None,
        contract: Contract,
        codec: Codec,
        fill: Callable[[str, str], Json | Missing],
        fingerprint: str,
        migrations: Mapping[str, str] | None = None,
        cache_bytes: int = CACHE_BYTES,
    ) -> SqliteStore:
        """Open or create the database at `path` (None: in memory) and let it grow into the contract's schema.

        `migrations` are those declared, name → table. Where one did not finish, documents need not fit yet: then
        `unfit` says so, and `settle()` is called when they do.

        Raises `DatabaseInUse`, `SchemaMismatch`, or another `StoreError`; then nothing was changed.
        """
        lock = DatabaseLock(path) if path is not None else None
        connection: sqlite3.Connection | None = None
        try:
            connection = _connect(path, cache_bytes)
            store = cls(connection, lock, path or ":memory:")
            store._grow = partial(store._prepare, contract, codec, fill, fingerprint, migrations or {})
            connection.executescript(_META_SQL + MIGRATIONS_SQL + CLIENTS_SQL)
            store._grow()
            return store
        except BaseException as error:
            if connection is not None:
                connection.close()
            if lock is not None:
                lock.release()
            if isinstance(error, sqlite3.Error):
                raise StoreError(f"{path or 'the database in memory'} cannot be opened: {error}") from error
            raise

    def settle(self) -> None:
        """Check again what did not fit before its migrations ran. Raises `SchemaMismatch`."""
        self._grow()

    def _prepare(
        self,
        contract: Contract,
        codec: Codec,
        fill: Callable[[str, str], Json | Missing],
        fingerprint: str,
        migrations: Mapping[str, str],
    ) -> None:
        self._execute("BEGIN IMMEDIATE")
        try:
            meta = dict(self._execute("SELECT key, value FROM _meta").fetchall())
            if meta.get("format", _FORMAT) != _FORMAT:
                raise StoreError(f"{self.path} was written by a newer version of schemagen; use that version")
            layout = layout_from_json(meta.get("layout", "{}"))
            tables = stored_tables(contract, codec)
            waiting = pending(migrations, self.migrations.states()).values()
            evolution = Evolution(self._connection, layout, contract, codec, fill, waiting)
            misfits = evolution.apply(tables)
            if misfits:
                raise SchemaMismatch(self.path, misfits)
            self.ts = meta.get("ts", 0)
            current = {"format": _FORMAT, "ts": self.ts, "layout": layout_to_json(layout), "contract": fingerprint}
            self._connection.executemany("INSERT OR REPLACE INTO _meta VALUES (?, ?)", current.items())
            self._forget_old_requests(int(time.time()))
        except BaseException:
            self._execute("ROLLBACK")
            raise
        self._execute("COMMIT")
        self.tables, self.layout, self.unfit = tables, layout, evolution.deferred

    def _forget_old_requests(self, now: int) -> None:
        self._execute("DELETE FROM _requests WHERE created < ?", (now - REQUESTS_KEPT_SECONDS,))
        self._forget_at = now + _FORGET_EVERY_SECONDS

    @property
    def statements(self) -> int:
        """How many are kept."""
        return len(self._statements)

    # --- reading ---

    def get(self, table: StoredTable, id_: str) -> Row | None:
        row: Row | None = self._execute(table.get_sql, (id_,)).fetchone()
        return row

    def get_many(self, table: StoredTable, ids: Sequence[str]) -> list[Row]:
        """The rows that are there, in no order."""
        return self._execute(table.get_many_sql, (orjson.dumps(ids).decode(),)).fetchall()

    def referring(
        self, table: StoredTable, reference: StoredReference, ids: Sequence[str], limit: int = -1
    ) -> list[str]:
        """The ids of the rows that refer to one of `ids`, sorted; any `limit` of them if one is given.

        They are read from the index alone.
        """
        sql = f"SELECT {ID_KEY.sql} FROM {table.sql} {reference.where_sql} LIMIT ?2"
        return sorted(row[0] for row in self._execute(sql, (orjson.dumps(ids).decode(), limit)))

    def count_referring(self, table: StoredTable, reference: StoredReference, ids: Sequence[str]) -> int:
        """How many rows refer to one of `ids`."""
        sql = f"SELECT COUNT(*) FROM {table.sql} {reference.where_sql}"
        found: int = self._execute(sql, (orjson.dumps(ids).decode(),)).fetchone()[0]
        return found

    def chunks(self, table: StoredTable, wanted: IndexRange, limit: int | None, size: int) -> Iterator[list[Row]]:
        """The first `limit` rows of a range (None: all), in its order, at most `size` at a time.

        Raises `sqlite3.OperationalError` if it takes long and `interrupt_when` says that nobody waits for it any more.
        """
        shape = wanted.shape
        sql = self._statements.get(shape)
        if sql is None:
            sql = self._statements.put(shape, range_sql(table, wanted))
        parameters = wanted.parameters
        parameters.append(-1 if limit is None else limit)
        cursor = self._connection.cursor()
        self._interruptible = True
        try:
            cursor.execute(sql, parameters)
            while chunk := cursor.fetchmany(size):
                yield chunk
                if len(chunk) < size:
                    break
        finally:
            self._interruptible = False
            cursor.close()

    def read(self, table: StoredTable, wanted: IndexRange, limit: int | None = None) -> list[Row]:
        """The first `limit` rows of a range (None: all), in its order."""
        return [row for chunk in self.chunks(table, wanted, limit, _CHUNK) for row in chunk]

    def count(self, table: StoredTable, wanted: IndexRange) -> int:
        shape = ("count", *wanted.shape)
        sql = self._statements.get(shape)
        if sql is None:
            sql = self._statements.put(shape, count_sql(table, wanted))
        self._interruptible = True
        try:
            found: int = self._execute(sql, [*wanted.parameters, -1]).fetchone()[0]
            return found
        finally:
            self._interruptible = False

    def interrupt_when(self, wanted: Callable[[], bool]) -> None:
        """Ask every few milliseconds of a long read whether it is to go on.

        Writes are never interrupted: SQLite would undo the whole transaction, the work of others with it.
        """
        self._connection.set_progress_handler(lambda: self._interruptible and wanted(), _STEPS_BETWEEN_QUESTIONS)

    def first_key(self, table: StoredTable, wanted: IndexRange) -> Row | None:
        """The key columns after the prefix of a range's first row; None if there is no row."""
        shape = ("first", *wanted.shape)
        sql = self._statements.get(shape)
        if sql is None:
            sql = self._statements.put(shape, first_key_sql(table, wanted))
        found: Row | None = self._execute(sql, [*wanted.parameters, 1]).fetchone()
        return found

    def search(self, search: StoredSearch, filters: Sequence[SqlValue], terms: Terms) -> list[Entry]:
        """The entries that match some terms and the first filters of a search index: see `find_entries`."""
        self._interruptible = True
        try:
            return find_entries(self._connection, search, filters, terms)
        finally:
            self._interruptible = False

    # --- writing, inside a transaction; entries of search indexes are written along ---

    def insert(self, table: StoredTable, row: Row) -> None:
        """Raises `UniqueViolation`, as `update` does: then this row alone is not written."""
        try:
            self._execute(table.insert_sql, row)
        except sqlite3.IntegrityError as error:
            raise violation(self._connection, table, row, error) from None
        for search in table.searches:
            write_entries(self._connection, search, None, row)

    def update(self, table: StoredTable, row: Row, changed: tuple[int, ...]) -> None:
        """Write the columns of `row` at the positions `changed`, at least one; its id is at position 0."""
        shape = ("update", table.name, changed)
        sql = self._statements.get(shape)
        if sql is None:
            sql = self._statements.put(shape, table.update_sql(changed))
        touched = [search for search in table.searches if not set(changed).isdisjoint(search.positions)]
        old = self.get(table, cast(str, row[0])) if touched else None
        try:
            self._execute(sql, [*(row[position] for position in changed), row[0]])
        except sqlite3.IntegrityError as error:
            raise violation(self._connection, table, row, error) from None
        for search in touched:
            write_entries(self._connection, search, old, row)

    def delete(self, table: StoredTable, id_: str) -> None:
        old = self.get(table, id_) if table.searches else None
        self._execute(table.delete_sql, (id_,))
        for search in table.searches:
            write_entries(self._connection, search, old, None)

    # --- transactions ---

    def begin(self) -> None:
        with _unavailable():
            self._execute("BEGIN IMMEDIATE")

    def commit(self, ts: int) -> None:
        """Make everything since `begin` durable; `ts` differs from `self.ts` if documents changed.

        Raises `StoreUnavailable`, and then nothing since `begin` has happened.
        """
        try:
            with _unavailable():
                if ts != self.ts:
                    self._execute("UPDATE _meta SET value = ? WHERE key = 'ts'", (ts,))
                self._execute("COMMIT")
        except BaseException:
            self.rollback()
            raise
        self.ts = ts

    @property
    def in_transaction(self) -> bool:
        """False also where SQLite gave up a transaction by itself, as it may when the disk is full."""
        return self._connection.in_transaction

    def rollback(self) -> None:
        """Undo everything since `begin`."""
        if self._connection.in_transaction:
            self._execute("ROLLBACK")

    def savepoint(self, name: str) -> None:
        """Savepoints nest; `release` and `undo` end the innermost of this name and all that it holds."""
        self._execute(f"SAVEPOINT {name}")

    def release(self, name: str) -> None:
        self._execute(f"RELEASE {name}")

    def undo(self, name: str) -> None:
        self._execute(f"ROLLBACK TO {name}")
        self._execute(f"RELEASE {name}")

    # --- answers of mutations that must not run twice ---

    def answer(self, key: str) -> StoredAnswer | None:
        """What the mutation with this request key answered, if it ran."""
        row = self._execute("SELECT digest, ts, answer FROM _requests WHERE key = ?", (key,)).fetchone()
        return StoredAnswer(*row) if row is not None else None

    def remember(self, key: str, answer: StoredAnswer) -> None:
        """Store an answer in the transaction of the writes it answers for."""
        now = int(time.time())
        if now >= self._forget_at:
            self._forget_old_requests(now)
        self._execute(
            "INSERT INTO _requests VALUES (?, ?, ?, ?, ?)", (key, answer.digest, now, answer.ts, answer.answer)
        )

    def close(self) -> None:
        self.rollback()
        self._connection.close()
        if self._lock is not None:
            self._lock.release()


def _connect(path: str | None, cache_bytes: int) -> sqlite3.Connection:
    # Opened by one thread, used by another: never by two at a time.
    connection = sqlite3.connect(
        path or ":memory:",
        isolation_level=None,
        check_same_thread=False,
        cached_statements=STATEMENTS_MAX,
        timeout=5,
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = -{max(1, cache_bytes // 1024)}")  # negative: in KiB
    return connection


@contextlib.contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreUnavailable(f"the database cannot be written: {error}") from error
