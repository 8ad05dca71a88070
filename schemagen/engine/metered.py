"""The store as one execution sees it: it reads and writes until a limit is reached."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, NoReturn, cast

from schemagen.declare import LimitExceeded
from schemagen.engine.limits import Limits
from schemagen.store.columns import SqlValue
from schemagen.store.finding import Entry
from schemagen.store.ranges import IndexRange
from schemagen.store.search import StoredSearch
from schemagen.store.sqlite import SqliteStore
from schemagen.store.tables import Row, StoredReference, StoredTable
from schemagen.store.tokens import Terms

_CHUNK: Final = 128
"""So many rows are read before they are counted: what is too much is refused before all of it is in memory."""

_length: Final = cast("Callable[[SqlValue], int]", len)  # sized columns hold text or bytes
_JOIN: Final = "join by ctx.db.get_many(), which is one, for however many ids"
_READ_LESS: Final = "read it by pages, by an index, or in parts"
_WRITE_LESS: Final = "split the work over several mutations, and call them one after the other from an @action"


class MeteredStore:
    """Counts what passes. Once a limit is exceeded every further call is refused: nothing is done by halves."""

    __slots__ = ("_bytes_read", "_bytes_written", "_limits", "_ranges", "_rows_read", "_rows_written", "_store")

    def __init__(self, store: SqliteStore, limits: Limits) -> None:
        self._store = store
        self._limits = limits
        self._rows_read = self._bytes_read = self._ranges = 0
        self._rows_written = self._bytes_written = 0

    def check(self) -> None:
        """Raise `LimitExceeded` if a limit was exceeded, also where the handler caught it then."""
        limits = self._limits
        if self._ranges > limits.ranges_read:
            _refuse(
                "makes more than {} gets and selects",
                limits.ranges_read,
                "ctx.db.get_many() is one, for however many ids",
            )
        if self._rows_read > limits.rows_read:
            _refuse("reads more than {} documents", limits.rows_read, _READ_LESS)
        if self._bytes_read > limits.bytes_read:
            _refuse("reads documents of more than {} bytes", limits.bytes_read, _READ_LESS)
        if self._rows_written > limits.rows_written:
            _refuse("writes more than {} documents", limits.rows_written, _WRITE_LESS)
        if self._bytes_written > limits.bytes_written:
            _refuse("writes documents of more than {} bytes", limits.bytes_written, _WRITE_LESS)

    # --- reading ---

    def get(self, table: StoredTable, id_: str) -> Row | None:
        self._meets(1)
        row = self._store.get(table, id_)
        if row is not None:
            self._takes(table, (row,))
        return row

    def get_many(self, table: StoredTable, ids: Sequence[str]) -> list[Row]:
        """The rows that are there, in no order; ids without a row count as read too."""
        self._meets(1)
        rows = self._store.get_many(table, ids)
        self._rows_read += len(ids) - len(rows)
        self._takes(table, rows)
        return rows

    def read(self, table: StoredTable, wanted: IndexRange, limit: int | None = None) -> list[Row]:
        """The first `limit` rows of a range (None: all), in its order."""
        self._meets(1)
        rows: list[Row] = []
        for chunk in self._store.chunks(table, wanted, limit, _CHUNK):
            self._takes(table, chunk)
            rows = rows + chunk if rows else chunk
        return rows

    def referring(
        self, table: StoredTable, reference: StoredReference, ids: Sequence[str], limit: int = -1
    ) -> list[str]:
        """The ids of the rows that refer to one of `ids`, sorted; each counts as read. Any `limit` of them, or all."""
        self._meets(1)
        found = self._store.referring(table, reference, ids, limit)
        self._rows_read += len(found)
        self._takes(table, ())
        return found

    def count_referring(self, table: StoredTable, reference: StoredReference, ids: Sequence[str]) -> int:
        """How many rows refer to one of `ids`."""
        self._meets(1)
        return self._store.count_referring(table, reference, ids)

    def first_key(self, table: StoredTable, wanted: IndexRange) -> Row | None:
        """The key columns after the prefix of a range's first row; None if there is no row."""
        self._meets(1)
        return self._store.first_key(table, wanted)

    def count(self, table: StoredTable, wanted: IndexRange) -> int:
        self._meets(1)
        return self._store.count(table, wanted)

    def search(self, search: StoredSearch, filters: Sequence[SqlValue], terms: Terms) -> list[Entry]:
        """The entries that match; each counts as read, and each term as a range."""
        self._meets(1 + len(terms.whole))
        found = self._store.search(search, filters, terms)
        self._rows_read += len(found)
        if self._rows_read > self._limits.rows_read:
            self.check()
        return found

    def _meets(self, ranges: int) -> None:
        self._ranges += ranges
        if self._ranges > self._limits.ranges_read:
            self.check()

    def _takes(self, table: StoredTable, rows: Sequence[Row]) -> None:
        self._rows_read += len(rows)
        self._bytes_read += _size(table, rows)
        if self._rows_read > self._limits.rows_read or self._bytes_read > self._limits.bytes_read:
            self.check()

    # --- writing ---

    def insert(self, table: StoredTable, row: Row) -> None:
        self._gives(table, row)
        self._store.insert(table, row)

    def update(self, table: StoredTable, row: Row, changed: tuple[int, ...]) -> None:
        """Write the columns of `row` at the positions `changed`, at least one; its id is at position 0."""
        self._gives(table, row)
        self._store.update(table, row, changed)

    def delete(self, table: StoredTable, row: Row) -> None:
        self._gives(table, row)
        self._store.delete(table, str(row[0]))

    def _gives(self, table: StoredTable, row: Row) -> None:
        self._rows_written += 1
        self._bytes_written += _size(table, (row,))
        if self._rows_written > self._limits.rows_written or self._bytes_written > self._limits.bytes_written:
            self.check()


def _size(table: StoredTable, rows: Sequence[Row]) -> int:
    """Characters and bytes in the columns that may hold any number of them."""
    return sum([_length(row[at] or "") for at in table.sized for row in rows])


def _refuse(what: str, limit: float, fix: str) -> NoReturn:
    shown = f"{limit:,.0f}" if limit < math.inf else "any number of"
    raise LimitExceeded(
        f"this call {what.format(shown)}: it was stopped and its writes undone\n"
        "  why: it runs alone, and all other calls wait for its end\n"
        f"  fix: {fix}"
    )
