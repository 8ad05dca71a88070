"""Indexes declared unique: a second SQL index beside the ordered one, which SQLite itself keeps free of equal keys.

The ordered index ends with creation time and id, so its keys never meet; this one holds the declared fields alone. To
SQLite, as to us, a NULL is equal to nothing: a document with one in its key conflicts with no other.
"""

from __future__ import annotations

from sqlite3 import Connection, IntegrityError

from schemagen.store.errors import Misfit, UniqueViolation
from schemagen.store.tables import ID_COLUMN, Row, StoredIndex, StoredTable, quoted


def unique_name(index: StoredIndex) -> str:
    """How the layout calls the second index; no index a backend declares has a space in its name."""
    return f"{index.name} unique"


def unique_sql(table: StoredTable, index: StoredIndex) -> str:
    name = quoted(f"{table.name}.{unique_name(index)}")
    return f"CREATE UNIQUE INDEX {name} ON {table.sql} ({_columns(index)})"


def shared_keys(connection: Connection, table: StoredTable, index: StoredIndex) -> Misfit | None:
    """What keeps an index from being unique: stored documents whose keys are equal; None if there are none."""
    id_column = quoted(ID_COLUMN)
    present = " AND ".join(f"{key.sql} IS NOT NULL" for key in index.unique)
    groups = f"FROM {table.sql} WHERE {present} GROUP BY {_columns(index)} HAVING COUNT(*) > 1"
    shared = connection.execute(f"SELECT SUM(n) FROM (SELECT COUNT(*) AS n {groups})").fetchone()[0]
    if not shared:
        return None
    total = connection.execute(f"SELECT COUNT(*) FROM {table.sql}").fetchone()[0]
    first = f"SELECT MIN({id_column}), MAX({id_column}) {groups} ORDER BY 1 LIMIT 1"
    one, other = connection.execute(first).fetchone()
    fields = ", ".join(key.field for key in index.unique)
    return Misfit(
        f"{table.name}.{index.name}",
        f"is unique, and {shared} of {total} documents share their {fields} with another, "
        f"for example {one} and {other}",
        "declare it without unique=True, delete all but one of each in a mutation, then make it unique; "
        "or change them in a migration:",
    )


def violation(connection: Connection, table: StoredTable, row: Row, error: IntegrityError) -> Exception:
    """What a refused row meets: the first unique index, by name, in which another row has its key."""
    for index in table.unique_indexes:
        values = [row[key.position] for key in index.unique]
        if None in values:
            continue
        same = " AND ".join(f"{key.sql} = ?" for key in index.unique)
        sql = f"SELECT {quoted(ID_COLUMN)} FROM {table.sql} WHERE {same} AND {quoted(ID_COLUMN)} <> ?"
        found = connection.execute(sql, [*values, row[0]]).fetchone()
        if found is not None:
            return UniqueViolation(table.name, index.name, found[0])
    return error


def _columns(index: StoredIndex) -> str:
    return ", ".join(key.sql for key in index.unique)
