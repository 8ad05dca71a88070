"""One process per database file."""

from __future__ import annotations

import contextlib
import sqlite3

from schemagen.store.errors import DatabaseInUse, StoreError


class DatabaseLock:
    """Held as long as a process owns a database; the operating system lets go of it even after `kill -9`.

    It is an exclusive transaction on an empty database beside the real one, so that other programs (the `sqlite3`
    shell, BI tools) may go on reading the real one.
    """

    def __init__(self, path: str) -> None:
        try:
            self._connection = sqlite3.connect(f"{path}-lock", timeout=0, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = MEMORY")
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise DatabaseInUse(path) from None
            raise StoreError(f"{path} cannot be opened: {error}") from None

    def release(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("ROLLBACK")
        self._connection.close()
