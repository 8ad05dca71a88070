"""How a database's search indexes become those of its schema, before anything is served."""

from __future__ import annotations

import logging
from sqlite3 import Connection

from schemagen.store.search import StoredSearch, add_entries, create_search, drop_search
from schemagen.store.tables import ID_COLUMN, StoredTable, quoted

_BATCH = 1_000
"""Documents indexed at a time."""
_TOLD_EVERY = 100_000

_log = logging.getLogger("schemagen")


def evolve_searches(connection: Connection, table: StoredTable, stored: dict[str, list[str]]) -> None:
    """Drop what is no longer declared, build what is new or changed; `stored` are the signatures, and is kept so.

    Inside a transaction of the caller's, once the rows are what the schema says.
    """
    wanted = {search.name: search for search in table.searches}
    for name, signature in sorted(stored.items()):
        if name not in wanted or wanted[name].signature != signature:
            drop_search(connection, signature[0])
            del stored[name]
    for name, search in wanted.items():
        if name not in stored:
            _build(connection, table, search)
            stored[name] = search.signature


def outdate_searches(stored: dict[str, list[str]]) -> None:
    """Have the search indexes of a table built anew: its values were changed without their entries."""
    for signature in stored.values():
        del signature[1:]  # the first is the name by which it is dropped


def _build(connection: Connection, table: StoredTable, search: StoredSearch) -> None:
    """From the first document to the last, by id, a batch in memory at a time."""
    create_search(connection, search)
    sql = f"{table.select_sql} WHERE {quoted(ID_COLUMN)} > ? ORDER BY {quoted(ID_COLUMN)} LIMIT {_BATCH}"
    count, last = 0, ""
    while rows := connection.execute(sql, (last,)).fetchall():
        add_entries(connection, search, rows)
        count, last = count + len(rows), rows[-1][0]
        if count % _TOLD_EVERY == 0:
            _log.info("search index %s.%s: %d documents indexed", table.name, search.name, count)
    if count:
        _log.info("search index %s.%s is built: %d documents", table.name, search.name, count)
