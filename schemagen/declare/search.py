"""Search: the index a table declares in one line, and the immutable builder that `ctx.db.search` returns."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from schemagen.declare.select import Condition, condition_of

if TYPE_CHECKING:
    from schemagen.declare.table import Table

D = TypeVar("D", bound="Table")
D_co = TypeVar("D_co", bound="Table", covariant=True)


class SearchIndexDeclaration:
    """What `search_index(...)` says. Read from a class, it is the search index of that table."""

    __slots__ = ("filters", "line", "name", "text_field")

    def __init__(self, text_field: str, filters: tuple[str, ...], line: int) -> None:
        self.name = ""
        self.text_field = text_field
        self.filters = filters
        self.line = line

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, doc: D | None, table: type[D]) -> SearchIndexOf[D]:
        return SearchIndexOf(table, self.name)


def search_index(field: str, *, filters: tuple[str, ...] | list[str] = ()) -> SearchIndexDeclaration:
    """A full-text index on one field: `search_name = search_index("full_name", filters=["company_id"])`.

    The field holds text or a list of texts, and may be None. A search narrows by equality on the first filters, on
    all of them, or on none.
    """
    return SearchIndexDeclaration(field, tuple(filters), sys._getframe(1).f_lineno)


@dataclass(frozen=True, slots=True)
class SearchIndexOf(Generic[D]):
    """A search index of a table, as `Contact.search_name` is."""

    table: type[D]
    name: str

    def __repr__(self) -> str:
        return f"{self.table.__name__}.{self.name}"


class SearchRunner(Protocol):
    """What the engine does with a search."""

    async def fetch(self, search: Search[D], limit: int) -> list[D]: ...


@dataclass(frozen=True, slots=True, eq=False)
class Search(Generic[D_co]):
    """Documents whose text has all words of `text`, the best first; nothing is read before one of the awaited methods.

    The last word may be the beginning of one. Case and accents count for nothing.
    """

    table: type[D_co]
    index: str
    text: str
    runner: SearchRunner
    conditions: tuple[Condition, ...] = ()

    def where(self, *conditions: bool) -> Search[D_co]:
        """Only documents for which the filters have these values, e.g. `where(Contact.company_id == company_id)`.

        Filters that the index declares, compared by `==`: the first, the first two, or all. Others raise
        `UnindexedQuery`, which shows the `search_index(...)` line to write.
        """
        added = tuple([condition_of(condition) for condition in conditions])
        return Search(self.table, self.index, self.text, self.runner, self.conditions + added)

    async def take(self, count: int) -> list[D_co]:
        """The best `count` documents, or fewer if there are no more; none if there is no word in the text.

        Raises ValueError if `count` is negative.
        """
        if count < 0:
            raise ValueError(f"take() needs a count of 0 or more, got {count}")
        return await self.runner.fetch(self, count)

    async def first(self) -> D_co | None:
        """The best document, or None."""
        found = await self.runner.fetch(self, 1)
        return found[0] if found else None
