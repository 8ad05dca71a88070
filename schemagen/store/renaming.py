"""Declared renames: a table or a column takes its new name, its rows stay where they are.

Each happens once: afterwards the old name is not in the database any more. What could be done in two ways, because
old and new name both hold data, is refused.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any, Final

from schemagen.store.errors import Misfit
from schemagen.store.search_layout import outdate_searches
from schemagen.store.tables import ID_COLUMN, StoredTable, quoted

if TYPE_CHECKING:
    from schemagen.store.layout import Layout, StoredLayout

_ID_TAIL: Final = 27
"""Characters of an id behind the name of its table: the underscore and the suffix."""


def spare_column(execute: Callable[[str], Any], table: str) -> str:
    """A name for a column that is out of the way."""
    taken = {row[1] for row in execute(f"PRAGMA table_info({table})")}
    return next(name for number in range(len(taken) + 1) if (name := f"_unused_{number}") not in taken)


_log = logging.getLogger("schemagen")


class Renaming:
    """The renames of one database that are declared and not done yet."""

    def __init__(self, connection: Connection, layout: Layout) -> None:
        self._execute = connection.execute
        self._layout = layout

    def apply(self, tables: dict[str, StoredTable]) -> list[Misfit]:
        """Rename; what could not be is returned, and then the caller rolls everything back."""
        return [misfit for table in tables.values() for misfit in self._misfits(table)]

    def _misfits(self, table: StoredTable) -> Iterator[Misfit]:
        for former in table.former_names:
            if former in self._layout:
                yield from self._rename_table(table, former)
        stored = self._layout.get(table.name)
        if stored is None:
            return
        yield from self._unnamed_ids(table, stored)
        for held in table.columns:
            for former in held.field.renamed_from:
                if former in stored.fields:
                    yield from self._rename_field(table, stored, former, held.name)

    def _rename_table(self, table: StoredTable, former: str) -> Iterator[Misfit]:
        if table.name in self._layout:
            old, new = self._count(quoted(former)), self._count(table.sql)
            if old and new:
                yield Misfit(
                    table.name,
                    f"was called {former} before, and both tables hold documents: {former} {old}, {table.name} {new}",
                    f"leave out renamed_from, declare {former} as a table again, "
                    f"and move its documents to {table.name} in a mutation",
                )
            if new:
                return
            self._execute(f"DROP TABLE {table.sql}")  # empty: made by a server that did not know of the rename
            del self._layout[table.name]
        stored = self._layout[table.name] = self._layout.pop(former)
        for index in stored.indexes:  # built anew under their new names
            self._execute(f"DROP INDEX IF EXISTS {quoted(f'{former}.{index}')}")
        stored.indexes.clear()
        stored.former.insert(0, former)
        self._execute(f"ALTER TABLE {quoted(former)} RENAME TO {table.sql}")
        _log.info("table %s is called %s now", former, table.name)

    def _unnamed_ids(self, table: StoredTable, stored: StoredLayout) -> Iterator[Misfit]:
        """Ids begin with the name that their table had; one that is not declared any more could not be read."""
        for former in [name for name in stored.former if name not in table.former_names]:
            count, example = self._execute(
                f"SELECT COUNT(*), MIN({quoted(ID_COLUMN)}) FROM {table.sql} WHERE {quoted(ID_COLUMN)} >= ? "
                f"AND {quoted(ID_COLUMN)} < ? AND LENGTH({quoted(ID_COLUMN)}) = ?",
                (f"{former}_", f"{former}`", len(former) + _ID_TAIL),
            ).fetchone()
            if not count:
                stored.former.remove(former)
                continue
            names = ", ".join(f'"{name}"' for name in (*table.former_names, former))
            written = f"[{names}]" if table.former_names else names
            yield Misfit(
                table.name,
                f"was called {former} before, and {count} of its ids begin with that name, for example {example}",
                f'keep the old name: Table, name="{table.name}", renamed_from={written}',
            )

    def _rename_field(self, table: StoredTable, stored: StoredLayout, former: str, name: str) -> Iterator[Misfit]:
        if name in stored.fields:
            old, new = self._count(table.sql, former), self._count(table.sql, name)
            if old and new:
                yield Misfit(
                    f"{table.name}.{name}",
                    f"was called {former} before, and both hold values: {former} in {old}, {name} in {new} documents",
                    "leave out renamed_from to keep what the new field holds; "
                    f"or declare {former} as a field again, and move its values in a mutation",
                )
            if new or not old:
                return
            self._put_aside(table, stored, name)
        self._execute(f"ALTER TABLE {table.sql} RENAME COLUMN {quoted(former)} TO {quoted(name)}")
        stored.fields[name] = stored.fields.pop(former)
        outdate_searches(stored.searches)
        for index, key in stored.indexes.items():  # SQLite has renamed the column in them, too
            stored.indexes[index] = [quoted(name) if column == quoted(former) else column for column in key]
        _log.info("field %s.%s is called %s now", table.name, former, name)

    def _put_aside(self, table: StoredTable, stored: StoredLayout, name: str) -> None:
        """Free the name of a column that holds nothing."""
        for index in [index for index, key in stored.indexes.items() if quoted(name) in key]:
            self._execute(f"DROP INDEX IF EXISTS {quoted(f'{table.name}.{index}')}")
            del stored.indexes[index]
        del stored.fields[name]
        spare = quoted(spare_column(self._execute, table.sql))
        self._execute(f"ALTER TABLE {table.sql} RENAME COLUMN {quoted(name)} TO {spare}")

    def _count(self, table: str, column: str | None = None) -> int:
        """How many documents there are, or how many with a value in a column."""
        where = "" if column is None else f" WHERE {quoted(column)} IS NOT NULL"
        found: int = self._execute(f"SELECT COUNT(*) FROM {table}{where}").fetchone()[0]
        return found
