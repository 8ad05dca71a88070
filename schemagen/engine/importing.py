"""Documents brought into a database that nobody serves: all of them in one transaction, or none."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime

from schemagen.declare import Table
from schemagen.declare.migrations import Migration
from schemagen.engine.lines import ID, LineReader
from schemagen.engine.opening import fresh_default, open_store
from schemagen.model.contract import Contract
from schemagen.store.columns import datetime_to_sql
from schemagen.store.errors import MigrationPending, StoreError, StoreUnavailable
from schemagen.store.migrations import pending
from schemagen.store.ranges import IndexRange
from schemagen.store.tables import BY_CREATION_TIME
from schemagen.wire.issue import Issue, WireError

ROWS_AT_ONCE = 500


class Import:
    """One transaction. `close` undoes it unless `commit` came first."""

    def __init__(
        self,
        contract: Contract,
        tables: Mapping[str, type[Table]],
        path: str,
        migrations: Mapping[str, Migration] | None = None,
    ) -> None:
        """Opens or creates the database as a server would, with the migrations of the backend, by name.

        Raises `DatabaseInUse`, `MigrationPending`, or another `StoreError`.
        """
        self._store, codec = open_store(contract, path, fresh_default(contract, tables), migrations)
        self._readers = {
            name: LineReader(tables[name], stored, contract, codec) for name, stored in self._store.tables.items()
        }
        self._wrote = False
        try:
            self._store.begin()
            self._settle({name: each.table.table_name for name, each in (migrations or {}).items()})
        except BaseException:
            self._store.close()
            raise

    def _settle(self, declared: Mapping[str, str]) -> None:
        """Where there are no documents, a migration has nothing to do, and will have nothing to do afterwards."""
        states = self._store.migrations
        for name, table in pending(declared, states.states()).items():
            states.begin(name, self._store.tables[table], datetime_to_sql(datetime.now(UTC).isoformat()))
        if waiting := sorted(pending(declared, states.states())):
            raise MigrationPending(self._store.path, tuple(waiting))

    def count(self, table: str) -> int:
        stored = self._store.tables[table]
        return self._store.count(stored, IndexRange(stored.indexes[BY_CREATION_TIME]))

    def clear(self, table: str) -> int:
        """Delete every document of a table; how many there were."""
        stored = self._store.tables[table]
        everything = IndexRange(stored.indexes[BY_CREATION_TIME])
        count = 0
        while rows := self._store.read(stored, everything, ROWS_AT_ONCE):
            for row in rows:
                self._store.delete(stored, str(row[0]))
            count += len(rows)
        self._wrote = self._wrote or count > 0
        return count

    def add(self, table: str, line: bytes) -> None:
        """Insert the document of a line, with its own id and creation time. Raises `WireError` for one that cannot be.

        After that the transaction is good for finding more mistakes, and no longer for `commit`.
        """
        stored = self._store.tables[table]
        row = self._readers[table].row(line)
        try:
            self._store.insert(stored, row)
        except StoreUnavailable:
            raise
        except (sqlite3.IntegrityError, StoreError) as error:
            if self._store.get(stored, str(row[0])) is not None:
                raise WireError((Issue((ID,), f"{row[0]!s} is there already"),)) from None
            raise WireError((Issue((), str(error)),)) from None
        self._wrote = True

    def commit(self, ts: int) -> int:
        """Make it durable; the commit it became. `ts` is where the documents come from: time does not go back."""
        ts = max(ts, self._store.ts + self._wrote)
        self._store.commit(ts)
        return ts

    def close(self) -> None:
        self._store.close()
