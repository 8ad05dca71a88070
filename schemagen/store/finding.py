"""Finding the entries of a search index: those that begin with a term, of documents that have others.

Usually the beginning is walked over, and each of its documents looked up under the other terms. Where very many
documents have the beginning and few one of the others, it is the other way round: the texts of the few are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import chain
from sqlite3 import Connection
from typing import Final, TypeAlias

from schemagen.store.columns import SqlValue
from schemagen.store.search import SEPARATOR, StoredSearch, scope_of
from schemagen.store.tables import ID_COLUMN, quoted
from schemagen.store.tokens import Terms

ENTRIES_MAX: Final = 1_024
"""Entries that a search ranks: of those that match, the first in order of token, then the newest."""

Entry: TypeAlias = tuple[str, int, str, int, int, int]
"""Token, creation time in microseconds, id, frequency, length of the text, frequency of all whole terms in it."""

MANY: Final = 2_000
"""Below so many entries it is not worth while to ask which way is the shorter one."""
COUNTED_MAX: Final = 8_000
TEXT_COST: Final = 20
"""Reading the words of one document takes as long as walking over so many entries."""

_BEHIND_SEPARATOR: Final = "\x20"
_BEHIND_SCOPES: Final = ">"
"""A scope is empty, or begins with "=" or the separator."""
_BEHIND_TOKENS: Final = "\U0010ffff"
"""No character of any token."""


def find_entries(
    connection: Connection, search: StoredSearch, filters: Sequence[SqlValue], terms: Terms
) -> list[Entry]:
    """The first `ENTRIES_MAX` entries that match, in order of token, newest first, id.

    They begin with the last term, belong to documents that have all whole ones, and lie in scopes whose first filters
    have these values.
    """
    start = scope_of(filters)

    def read(scope: str, limit: int) -> list[Entry]:
        return _in_scope(connection, search, scope, terms, limit)

    if len(filters) == len(search.filters):
        return read(start, ENTRIES_MAX)
    scopes = _scopes(connection, search, start + SEPARATOR if filters else "")
    return _merged(scopes, read)


# --- one scope ---


def _in_scope(connection: Connection, search: StoredSearch, scope: str, terms: Terms, limit: int) -> list[Entry]:
    beginning = (terms.last, terms.last + _BEHIND_TOKENS)
    if terms.whole:
        (count,) = connection.execute(_count_sql(search.sql), (scope, *beginning, COUNTED_MAX)).fetchone()
        if count >= MANY:
            rare = _rarest_first(connection, search, scope, terms.whole, count // TEXT_COST)
            if rare:
                return sorted(_of_few(connection, search, scope, rare, terms.last), key=_in_order)[:limit]
    sql = _find_sql(search.sql, len(terms.whole))
    return connection.execute(sql, (scope, *beginning, limit, *terms.whole)).fetchall()


def _rarest_first(
    connection: Connection, search: StoredSearch, scope: str, whole: tuple[str, ...], few: int
) -> list[str]:
    """The whole terms, the rarest first; none if more than a few documents have each of them."""
    counts = {}
    for token in whole:
        only = (scope, token, token + "\0", few + 1)
        (counts[token],) = connection.execute(_count_sql(search.sql), only).fetchone()
    rarest = min(whole, key=counts.__getitem__)
    return [rarest, *(token for token in whole if token != rarest)] if counts[rarest] <= few else []


def _of_few(
    connection: Connection, search: StoredSearch, scope: str, whole: list[str], beginning: str
) -> Iterator[Entry]:
    for time, id_, length, frequency, text in connection.execute(_few_sql(search, len(whole)), (scope, *whole)):
        for token, count in search.words_in(text).counts.items():
            if token.startswith(beginning):
                yield token, time, id_, count, length, frequency


@cache
def _count_sql(sql: str) -> str:
    """Takes scope, lowest token, what is behind the highest, and how far to count."""
    return f"SELECT COUNT(*) FROM (SELECT 1 FROM {sql} WHERE scope = ? AND token >= ? AND token < ? LIMIT ?)"


@cache
def _find_sql(sql: str, whole: int) -> str:
    """Takes scope, lowest token, what is behind the highest, a limit, and the whole terms."""
    frequency = " + ".join(["0", *(f"w{number}.frequency" for number in range(whole))])
    joins = "".join(_joined(sql, number, "e", number + 5) for number in range(whole))
    return (
        f"SELECT e.token, e.creation_time, e.id, e.frequency, e.length, {frequency} FROM {sql} AS e{joins}"
        " WHERE e.scope = ?1 AND e.token >= ?2 AND e.token < ?3"
        " ORDER BY e.token, e.creation_time DESC, e.id LIMIT ?4"
    )


def _few_sql(search: StoredSearch, whole: int) -> str:
    """Takes scope, and the whole terms."""
    frequency = " + ".join(f"w{number}.frequency" for number in range(whole))
    joins = "".join(_joined(search.sql, number, "w0", number + 2) for number in range(1, whole))
    return (
        f"SELECT w0.creation_time, w0.id, w0.length, {frequency}, d.{quoted(search.text_field)}"
        f" FROM {search.sql} AS w0{joins} CROSS JOIN {search.table_sql} AS d ON d.{quoted(ID_COLUMN)} = w0.id"
        " WHERE w0.scope = ?1 AND w0.token = ?2"
    )


def _joined(sql: str, number: int, to: str, parameter: int) -> str:
    """The entry of a whole term, of the document of another entry."""
    name = f"w{number}"
    return (
        f" CROSS JOIN {sql} AS {name} ON {name}.scope = ?1 AND {name}.token = ?{parameter}"
        f" AND {name}.creation_time = {to}.creation_time AND {name}.id = {to}.id"
    )


# --- several scopes ---


def _merged(scopes: list[str], read: Callable[[str, int], list[Entry]]) -> list[Entry]:
    """The first entries of all scopes: a few of each, and more of those that may have more among the first."""
    limit = min(ENTRIES_MAX, max(16, 4 * ENTRIES_MAX // max(1, len(scopes))))
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
