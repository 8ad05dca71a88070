"""Search indexes: one SQL table each, with an entry for every word of every document.

An entry is `(scope, token, creation time, id, frequency, length)`; the first four are its key, newest documents first.
The scope is the values of the filters as one text, so that the entries of some filters and a word, or the beginning
of one, are one range of the key. A search that leaves the last filters out reads that range in each scope that begins
with the others, and merges them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from sqlite3 import Connection
from typing import TYPE_CHECKING, Final

import orjson

from schemagen.model.contract import SearchIndex
from schemagen.store.columns import Column, SqlValue
from schemagen.store.tokens import TOKENIZER, Words, words_of
from schemagen.wire.storage import Storage

if TYPE_CHECKING:
    from schemagen.store.tables import Row

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_NO_WORDS: Final = Words({}, 0)
SEPARATOR: Final = "\x1f"
"""Between the values of a scope; in none of them."""


@dataclass(frozen=True, slots=True)
class StoredSearch:
    """One search index of a table, as it is stored."""

    name: str
    sql: str  # quoted name of its own SQL table
    table_sql: str  # quoted name of the table of its documents
    text: int  # position in a row
    text_field: str
    is_list: bool  # whether the text is a list of texts
    filters: tuple[int, ...]  # positions in a row
    signature: list[str]
    """The name of its SQL table, and all that its entries depend on besides the documents."""

    @property
    def positions(self) -> tuple[int, ...]:
        """Of a row, what its entries depend on."""
        return self.text, *self.filters

    def words(self, row: Row) -> Words:
        return self.words_in(row[self.text])

    def words_in(self, text: SqlValue) -> Words:
        """The words of what its column holds."""
        if text is None:
            return _NO_WORDS
        assert isinstance(text, str)
        return words_of(_texts(text) if self.is_list else (text,))

    def scope(self, row: Row) -> str:
        return scope_of([row[position] for position in self.filters])


def _texts(json: str) -> tuple[str, ...]:
    """Before a migration has corrected it, a list may hold anything."""
    found = orjson.loads(json)
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()


def stored_search(index: SearchIndex, sql: str, table_sql: str, columns: tuple[Column, ...]) -> StoredSearch:
    by_name = {column.name: (position, column) for position, column in enumerate(columns, start=2)}
    position, text = by_name[index.text_field]
    filters = [by_name[name] for name in index.filters]
    return StoredSearch(
        name=index.name,
        sql=sql,
        table_sql=table_sql,
        text=position,
        text_field=text.name,
        is_list=text.storage is Storage.JSON,
        filters=tuple(position for position, _ in filters),
        signature=[
            sql,
            TOKENIZER,
            *(f"{each.name}:{each.storage}" for each in (text, *(column for _, column in filters))),
        ],
    )


def scope_of(filters: Iterable[SqlValue]) -> str:
    """The values of some filters as one text; other values, as many, have another one."""
    return SEPARATOR.join(map(_filter_text, filters))


def _filter_text(value: SqlValue) -> str:
    """Values of one column have the same text only if they are the same; no text holds the separator."""
    match value:
        case None:
            return ""
        case str():
            return "=" + value.replace("\x1e", "\x1e0").replace(SEPARATOR, "\x1e1")
        case bytes():
            return "=" + value.hex()
        case _:
            return f"={value}"


# --- writing ---


def differing(search: StoredSearch, old: Row | None, new: Row | None) -> tuple[list[str], list[str]]:
    """The tokens whose entries a write takes away, and those whose entries it writes; a changed entry is in both."""
    before = search.words(old) if old is not None else _NO_WORDS
    after = search.words(new) if new is not None else _NO_WORDS
    if old is None or new is None or search.scope(old) != search.scope(new) or before.length != after.length:
        return list(before.counts), list(after.counts)
    if before is after:
        return [], []
    return (
        [token for token, count in before.counts.items() if after.counts.get(token) != count],
        [token for token, count in after.counts.items() if before.counts.get(token) != count],
    )


def write_entries(connection: Connection, search: StoredSearch, old: Row | None, new: Row | None) -> None:
    """Keep the entries of one document what they are to be, inside the caller's transaction."""
    gone, come = differing(search, old, new)
    if gone and old is not None:
        scope, time, id_ = _place(search, old)
        connection.executemany(_delete_sql(search.sql), [(scope, token, time, id_) for token in gone])
    if come and new is not None:
        connection.executemany(_insert_sql(search.sql), _entries(search, new, come))


def _entries(search: StoredSearch, row: Row, tokens: Iterable[str]) -> list[tuple[SqlValue, ...]]:
    words = search.words(row)
    counts, length = words.counts, words.length
    scope, time, id_ = _place(search, row)
    return [(scope, token, time, id_, counts[token], length) for token in tokens]


def _place(search: StoredSearch, row: Row) -> tuple[str, int, str]:
    """Scope, creation time and id of a document's entries."""
    id_, created = row[0], row[1]
    assert isinstance(id_, str) and isinstance(created, str)
    return search.scope(row), (datetime.fromisoformat(created) - _EPOCH) // _MICROSECOND, id_


@cache
def _insert_sql(sql: str) -> str:
    # Or replace: another program may have changed a text without its entries, and must not stand in the way for ever.
    return f"INSERT OR REPLACE INTO {sql} VALUES (?, ?, ?, ?, ?, ?)"


@cache
def _delete_sql(sql: str) -> str:
    return f"DELETE FROM {sql} WHERE scope = ? AND token = ? AND creation_time = ? AND id = ?"


# --- making ---


def create_search(connection: Connection, search: StoredSearch) -> None:
    """An empty index. One may be left of a table that had this name before."""
    drop_search(connection, search.sql)
    connection.execute(
        f"CREATE TABLE {search.sql} (scope TEXT NOT NULL, token TEXT NOT NULL, creation_time INTEGER NOT NULL,"
        " id TEXT NOT NULL, frequency INTEGER NOT NULL, length INTEGER NOT NULL,"
        " PRIMARY KEY (scope, token, creation_time DESC, id)) WITHOUT ROWID"
    )


def drop_search(connection: Connection, sql: str) -> None:
    connection.execute(f"DROP TABLE IF EXISTS {sql}")


def add_entries(connection: Connection, search: StoredSearch, rows: Sequence[Row]) -> None:
    """Index documents that were stored before their index was; sorted, so that the table grows in few places."""
    entries = [entry for row in rows for entry in _entries(search, row, search.words(row).counts)]
    entries.sort(key=lambda entry: entry[:2])
    connection.executemany(_insert_sql(search.sql), entries)
