"""A search index as reads and writes see it: intervals of keys.

In memory it is one index for each number of filters that a search can fix: none, the first, the first two… Its key is
those filters, then the token. A whole word is read as all of a bucket, the beginning of one as an interval. A write is
in it where an entry comes, goes or changes, which a change of other fields of the document does not bring about.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from schemagen.engine.invalidation import InvalidationIndex
from schemagen.engine.keys import ABOVE, part_of
from schemagen.engine.read_set import Read
from schemagen.store.columns import SqlValue
from schemagen.store.search import StoredSearch, differing, scope_of
from schemagen.store.tables import Row, StoredTable
from schemagen.wire.storage import Storage

W = TypeVar("W", bound=Hashable)

_token_part = part_of(Storage.TEXT)
_TOKEN_START = b"\x01"


def _start(filters: Iterable[SqlValue]) -> bytes:
    """The part of a key that stands for the filters: only whether they are the same matters, not their order."""
    return scope_of(filters).encode() + b"\x00"


class CatalogSearch:
    """A search index of a table."""

    __slots__ = ("filters", "numbers", "stored", "text_field")

    def __init__(self, numbers: tuple[int, ...], table: StoredTable, stored: StoredSearch) -> None:
        self.numbers = numbers
        """By how many filters are fixed; each unique in a catalog, among those of indexes too."""
        self.stored = stored
        self.text_field = stored.text_field
        self.filters = tuple(table.columns[position - 2].name for position in stored.filters)

    # --- reads ---

    def read_of_word(self, filters: Sequence[SqlValue], token: str) -> Read:
        """Every entry of one token."""
        key = _start(filters) + _token_part(token)
        return Read((self.numbers[len(filters)], len(filters) + 1, key), key, key + ABOVE)

    def read_of_beginning(self, filters: Sequence[SqlValue], beginning: str, until: str | None) -> Read:
        """Every entry whose token begins so; those of tokens behind `until` were not looked at."""
        start = _start(filters)
        low = start + _TOKEN_START + beginning.encode()
        high = (low if until is None else start + _token_part(until)) + ABOVE
        return Read((self.numbers[len(filters)], len(filters), start), low, high)

    # --- writes ---

    def met_by(self, index: InvalidationIndex[W], old: Row | None, new: Row | None) -> Iterator[W]:
        """Watchers whose reads hold an entry that a write takes away, brings or changes; some more than once."""
        watched = [(fixed, number) for fixed, number in enumerate(self.numbers) if index.lengths(number)]
        if not watched:
            return
        for row, tokens in zip((old, new), differing(self.stored, old, new), strict=True):
            if row is not None and tokens:
                for fixed, number in watched:
                    yield from self._met_by(index, fixed, number, row, tokens)

    def _met_by(self, index: InvalidationIndex[W], fixed: int, number: int, row: Row, tokens: list[str]) -> Iterator[W]:
        start = _start([row[position] for position in self.stored.filters[:fixed]])
        lengths = index.lengths(number)
        for token in tokens:
            key = start + _token_part(token)
            if fixed + 1 in lengths:
                yield from index.met_by(number, fixed + 1, key, key)
            if fixed in lengths:
                yield from index.met_by(number, fixed, start, key)
