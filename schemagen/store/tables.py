"""A table of the contract as SQL: its columns, its indexes, and the statements that touch one row.

A row is `(id, creation time, *fields)`, all as SQL values; fields stand in the order of the contract.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from schemagen.model.contract import Contract, OnDelete, Reference
from schemagen.model.contract import Table as TableContract
from schemagen.store.columns import Column, SqlValue, column
from schemagen.store.search import StoredSearch, stored_search
from schemagen.wire.codec import Codec
from schemagen.wire.storage import Storage

Row: TypeAlias = tuple[SqlValue, ...]

ID_COLUMN: Final = "_id"
CREATION_TIME_COLUMN: Final = "_creation_time"
BY_CREATION_TIME: Final = "by_creation_time"
"""The index every table has: its documents in order of creation."""

_SIZED: Final = (Storage.TEXT, Storage.BLOB, Storage.JSON)


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """One column of an index key."""

    field: str  # as in Python: "full_name", "creation_time", "id"
    sql: str  # quoted
    position: int  # in a row
    storage: Storage
    nullable: bool


@dataclass(frozen=True, slots=True)
class StoredIndex:
    """A sorted index; creation time and id are its last two key columns."""

    name: str
    sql: str  # quoted; names of indexes are shared by the whole database
    key: tuple[KeyColumn, ...]
    unique: tuple[KeyColumn, ...] = ()
    """The columns whose values no two rows share; empty if rows may."""


@dataclass(frozen=True, slots=True)
class StoredReference:
    """A column that holds the ids of documents of another table, or of this one."""

    key: KeyColumn
    table: str  # the name of that other one
    on_delete: OnDelete
    index: StoredIndex  # begins with the column

    @property
    def where_sql(self) -> str:
        """Rows that refer to one of the ids in a JSON list."""
        return f"INDEXED BY {self.index.sql} WHERE {self.key.sql} IN (SELECT value FROM json_each(?1))"


@dataclass(frozen=True, slots=True)
class StoredTable:
    name: str
    sql: str  # quoted
    columns: tuple[Column, ...]
    indexes: dict[str, StoredIndex]
    select_sql: str  # all columns of a row
    get_sql: str
    get_many_sql: str  # takes the ids as a JSON list
    insert_sql: str
    delete_sql: str
    sized: tuple[int, ...]  # positions of the columns whose values may be of any length
    unique_indexes: tuple[StoredIndex, ...]  # by name
    references: tuple[StoredReference, ...]
    former_names: tuple[str, ...] = ()
    """What the table was called before, the latest first."""
    searches: tuple[StoredSearch, ...] = ()

    def update_sql(self, changed: tuple[int, ...]) -> str:
        """Sets the columns at these positions of a row; the id is the last parameter."""
        names = ", ".join(f"{quoted(self.columns[position - 2].name)} = ?" for position in changed)
        return f"UPDATE {self.sql} SET {names} WHERE {quoted(ID_COLUMN)} = ?"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def stored_tables(contract: Contract, codec: Codec) -> dict[str, StoredTable]:
    """Every table of the contract, by name."""
    return {table.name: _stored_table(table, contract, codec) for table in contract.tables}


def _stored_table(table: TableContract, contract: Contract, codec: Codec) -> StoredTable:
    fields = contract.document(table.name).fields[2:]
    columns = tuple(column(field, contract.types_by_name, codec) for field in fields)
    declared = {index.name: index.fields for index in table.indexes} | {BY_CREATION_TIME: ()}
    unique = {index.name for index in table.indexes if index.unique}
    indexes = {name: _stored_index(table.name, name, key, columns, name in unique) for name, key in declared.items()}
    names = [ID_COLUMN, CREATION_TIME_COLUMN, *(each.name for each in columns)]
    listing = ", ".join(map(quoted, names))
    sql = quoted(table.name)
    select = f"SELECT {listing} FROM {sql}"
    where_id = f"WHERE {quoted(ID_COLUMN)} = ?"
    return StoredTable(
        name=table.name,
        sql=sql,
        columns=columns,
        indexes=indexes,
        select_sql=select,
        get_sql=f"{select} {where_id}",
        get_many_sql=f"{select} WHERE {quoted(ID_COLUMN)} IN (SELECT value FROM json_each(?))",
        insert_sql=f"INSERT INTO {sql} ({listing}) VALUES ({', '.join('?' * len(names))})",
        delete_sql=f"DELETE FROM {sql} {where_id}",
        sized=tuple(position for position, each in enumerate(columns, start=2) if each.storage in _SIZED),
        unique_indexes=tuple(indexes[name] for name in sorted(unique)),
        references=tuple(_stored_reference(reference, indexes) for reference in table.references),
        former_names=table.renamed_from,
        searches=tuple(
            stored_search(each, quoted(f"{table.name}.{each.name}"), sql, columns) for each in table.search_indexes
        ),
    )


def _stored_index(
    table: str, name: str, fields: tuple[str, ...], columns: tuple[Column, ...], unique: bool
) -> StoredIndex:
    known = {each.name: key_column(position, each) for position, each in enumerate(columns, start=2)}
    implicit = tuple(each for each in (CREATION_TIME_KEY, ID_KEY) if each.field not in fields)
    known |= {each.field: each for each in (CREATION_TIME_KEY, ID_KEY)}
    key = tuple(known[field] for field in fields)
    return StoredIndex(name, quoted(f"{table}.{name}"), (*key, *implicit), key if unique else ())


def _stored_reference(reference: Reference, indexes: dict[str, StoredIndex]) -> StoredReference:
    serving = [index for index in indexes.values() if index.key[0].field == reference.name]
    index = min(serving, key=lambda index: (len(index.key), index.name))  # a contract has one, or it is not valid
    return StoredReference(index.key[0], reference.table, reference.on_delete, index)


def key_column(position: int, held: Column) -> KeyColumn:
    return KeyColumn(held.name, quoted(held.name), position, held.storage, held.nullable)


ID_KEY: Final = KeyColumn("id", quoted(ID_COLUMN), 0, Storage.TEXT, nullable=False)
CREATION_TIME_KEY: Final = KeyColumn("creation_time", quoted(CREATION_TIME_COLUMN), 1, Storage.DATETIME, nullable=False)
