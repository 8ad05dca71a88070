"""Search indexes: one SQL table each, with an entry for every word of every document.

An entry is `(scope, token, creation time, id, frequency, length)`; the first four are its key, newest documents first.
The scope is the values of the filters as one text, so that the entries of some filters and a word, or the beginning
of one, are one range of the key. A search that leaves the last filters out reads that range in each scope that begins
with the others, and merges them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain
from sqlite3 import Connection
from typing import TYPE_CHECKING, Final, TypeAlias

import orjson

from schemagen.model.contract import SearchIndex
from schemagen.store.columns import Column, SqlValue, Storage
from schemagen.store.tokens import TOKENIZER, Terms, Words, words_of

if TYPE_CHECKING:
    from schemagen.store.tables import Row

ENTRIES_MAX: Final = 1_024
"""Entries that a search ranks: of those that match, the first in order of token, then the newest."""

Entry: TypeAlias = tuple[str, int, str, int, int, int]
"""Token, creation time in microseconds, id, frequency, length of the text, frequency of all whole terms in it."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_NO_WORDS: Final = Words({}, 0)
_SEPARATOR: Final = "\x1f"
_BEHIND_SEPARATOR: Final = "\x20"
_BEHIND_SCOPES: Final = ">"
"""A scope is empty, or begins with "=" or the separator."""
_BEHIND_TOKENS: Final = "\U0010ffff"
"""No character of any token."""


@dataclass(frozen=True, slots=True)
class StoredSearch:
    """One search index of a table, as it is stored."""

    name: str
    sql: str  # quoted name of its own SQL table
    text: int  # position in a row
    is_list: bool  # whether the text is a list of texts
    filters: tuple[int, ...]  # positions in a row
    signature: list[str]
    """The name of its SQL table, and all that its entries depend on besides the documents."""

    @property
    def positions(self) -> tuple[int, ...]:
        """Of a row, what its entries depend on."""
        return self.text, *self.filters

    def words(self, row: Row) -> Words:
        text = row[self.text]
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


def stored_search(index: SearchIndex, sql: str, columns: tuple[Column, ...]) -> StoredSearch:
    by_name = {column.name: (position, column) for position, column in enumerate(columns, start=2)}
    position, text = by_name[index.text_field]
    filters = [by_name[name] for name in index.filters]
    return StoredSearch(
        name=index.name,
        sql=sql,
        text=position,
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
    return _SEPARATOR.join(map(_filter_text, filters))


def _filter_text(value: SqlValue) -> str:
    """Values of one column have the same text only if they are the same; no text holds the separator."""
    match value:
        case None:
            return ""
        case str():
            return "=" + value.replace("\x1e", "\x1e0").replace(_SEPARATOR, "\x1e1")
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


# --- finding ---


def find_entries(
    connection: Connection, search: StoredSearch, filters: Sequence[SqlValue], terms: Terms
) -> list[Entry]:
    """The first `ENTRIES_MAX` entries that match, in order of token, newest first, id.

    They begin with the last term, belong to documents that have all whole ones, and lie in scopes whose first filters
    have these values.
    """
    start = scope_of(filters)
    sql = _find_sql(search.sql, len(terms.whole))
    behind = terms.last + _BEHIND_TOKENS

    def read(scope: str, limit: int) -> list[Entry]:
        return connection.execute(sql, (scope, terms.last, behind, limit, *terms.whole)).fetchall()

    if len(filters) == len(search.filters):
        return read(start, ENTRIES_MAX)
    scopes = _scopes(connection, search, start + _SEPARATOR if filters else "")
    return _merged(scopes, read)


def _merged(scopes: list[str], read: Callable[[str, int], list[Entry]]) -> list[Entry]:
    """The first entries of all scopes: a few of each, and more of those that may have more among the first."""
    limit = max(16, 4 * ENTRIES_MAX // max(1, len(scopes)))
    found: dict[str, list[Entry]] = {}
    merged: list[Entry] = []
    while scopes:
        found |= {scope: read(scope, limit) for scope in scopes}
        merged = sorted(chain.from_iterable(found.values()), key=_in_order)[:ENTRIES_MAX]
        end = _in_order(merged[-1]) if len(merged) == ENTRIES_MAX else None
        full = [scope for scope in scopes if len(found[scope]) == limit < ENTRIES_MAX]
        scopes = [scope for scope in full if end is None or _in_order(found[scope][-1]) <= end]
        limit = min(4 * limit, ENTRIES_MAX)
    return merged


def _in_order(entry: Entry) -> tuple[str, int, str]:
    return entry[0], -entry[1], entry[2]


@cache
def _find_sql(sql: str, whole: int) -> str:
    """Takes scope, lowest token, what is behind the highest, a limit, and the whole terms."""
    frequency = " + ".join(["0", *(f"w{number}.frequency" for number in range(whole))])
    joins = "".join(
        f" CROSS JOIN {sql} AS w{number} ON w{number}.scope = ?1 AND w{number}.token = ?{number + 5}"
        f" AND w{number}.creation_time = e.creation_time AND w{number}.id = e.id"
        for number in range(whole)
    )
    return (
        f"SELECT e.token, e.creation_time, e.id, e.frequency, e.length, {frequency} FROM {sql} AS e{joins}"
        " WHERE e.scope = ?1 AND e.token >= ?2 AND e.token < ?3"
        " ORDER BY e.token, e.creation_time DESC, e.id LIMIT ?4"
    )


def _scopes(connection: Connection, search: StoredSearch, start: str) -> list[str]:
    """The scopes that begin so: from each, one step of the key to the next."""
    behind = start[:-1] + _BEHIND_SEPARATOR if start else _BEHIND_SCOPES
    return [scope for (scope,) in connection.execute(_scopes_sql(search.sql), (start, behind))]


@cache
def _scopes_sql(sql: str) -> str:
    return f"""
        WITH RECURSIVE found (scope) AS (
            SELECT MIN(scope) FROM {sql} WHERE scope >= ?1 AND scope < ?2
            UNION ALL
            SELECT (SELECT MIN(scope) FROM {sql} WHERE scope > found.scope AND scope < ?2)
            FROM found WHERE found.scope IS NOT NULL
        )
        SELECT scope FROM found WHERE scope IS NOT NULL"""


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
