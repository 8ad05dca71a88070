"""Runs searches: which entries match, which documents that makes and in what order, and what was read to know it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar, cast

from schemagen.declare import Search, Table, UnindexedQuery
from schemagen.declare.search import SearchIndexOf
from schemagen.declare.select import Condition, Op
from schemagen.engine.catalog import CatalogTable
from schemagen.engine.execution import Execution
from schemagen.engine.search_index import CatalogSearch
from schemagen.store.columns import SqlValue
from schemagen.store.finding import ENTRIES_MAX, Entry
from schemagen.store.tokens import terms_of
from schemagen.wire.issue import WireError

D = TypeVar("D", bound=Table)

_WHOLE = 2
_BEGINNING = 1
"""What a word counts that is what was searched for, and one that only begins so."""


class Searching:
    """The `SearchRunner` of one execution."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._store = execution.store

    def of(self, index: SearchIndexOf[D], text: str) -> Search[D]:
        """Raises TypeError if this is no search index of a table of the backend."""
        if not isinstance(index, SearchIndexOf):
            raise TypeError(f"ctx.db.search() takes a search index such as Contact.search_name, got {index!r}")
        if not isinstance(text, str):
            raise TypeError(f"ctx.db.search() takes the text to search for, got {text!r}")
        self._execution.workshop.catalog.of_type(index.table)
        return Search(index.table, index.name, text, self)

    async def fetch(self, search: Search[D], limit: int) -> list[D]:
        table = self._execution.workshop.catalog.of_type(search.table)
        index = table.searches[search.index]
        filters = filter_values(table, index, search.conditions)
        terms = terms_of(search.text)
        if terms is None or limit == 0:
            return []
        entries = self._store.search(index.stored, filters, terms)
        ids = ranked(entries, terms.last)[:limit]
        reads = self._execution.reads
        if reads is not None:
            reads += (index.read_of_word(filters, token) for token in terms.whole)
            last = entries[-1][0] if len(entries) == ENTRIES_MAX else None
            reads.append(index.read_of_beginning(filters, terms.last, last))
            reads += map(table.read_of_id, ids)
        rows = {row[0]: row for row in self._store.get_many(table.stored, ids)}
        # All are there, unless another program deleted one and knew nothing of its entries.
        return [cast(D, table.documents.document(rows[id_])) for id_ in ids if id_ in rows]


def ranked(entries: list[Entry], last: str) -> list[str]:
    """The ids of the documents, best first: for how often the words are there, among how many; then the newest."""
    counts: dict[str, int] = {}
    found: dict[str, Entry] = {}
    for entry in entries:
        token, _, id_, frequency, _, others = entry
        if id_ not in found:
            found[id_] = entry
            counts[id_] = _WHOLE * others
        counts[id_] += frequency * (_WHOLE if token == last else _BEGINNING)
    if len(found) < 2:
        return list(found)
    order = [(-(counts[id_] ** 2) / length, -time, id_) for id_, (_, time, _, _, length, _) in found.items()]
    order.sort()
    return [id_ for _, _, id_ in order]


# --- filters ---


def filter_values(table: CatalogTable, index: CatalogSearch, conditions: tuple[Condition, ...]) -> list[SqlValue]:
    """The values of the first filters. Raises `UnindexedQuery` for conditions that are not on just these."""
    given = {condition.field: condition for condition in conditions}
    served = index.filters[: len(given)]
    if len(given) < len(conditions) or given.keys() != set(served) or any(each.op is not Op.EQ for each in conditions):
        raise _unserved(table, index, conditions)
    return [_value(table, given[name]) for name in served]


def _value(table: CatalogTable, condition: Condition) -> SqlValue:
    try:
        return table.documents.condition(condition.field)(condition.value)
    except WireError as error:
        where = f"where({table.type.__name__}.{condition.field} == {condition.value!r})"
        raise TypeError(f"{where} can never hold: {error}") from None


def _unserved(table: CatalogTable, index: CatalogSearch, conditions: tuple[Condition, ...]) -> Exception:
    cls = table.type.__name__
    for condition in conditions:
        if condition.field not in table.documents.keys:
            return TypeError(f"{cls} has no field {condition.field!r} that a search could name")
    asked = "".join(f".where({cls}.{condition.field} {condition.op} ...)" for condition in conditions)
    first = f"{cls}.{index.stored.name} does not serve ctx.db.search({cls}.{index.stored.name}, ...){asked}"
    return UnindexedQuery("\n".join((first, *_advice(table, index, conditions))))


def _advice(table: CatalogTable, index: CatalogSearch, conditions: tuple[Condition, ...]) -> Iterator[str]:
    cls = table.type.__name__
    otherwise = "choose in Python among what the search finds"
    for condition in conditions:
        shown = f"{cls}.{condition.field} {condition.op} ..."
        if condition.op is not Op.EQ:
            yield f"  why: {shown}: a filter is compared by =="
        elif condition.field in ("id", "creation_time") or not table.documents.keys[condition.field].storage.sortable:
            yield f"  why: {shown}: {condition.field} cannot be a filter"
        else:
            continue
        yield f"  fix: {otherwise}"
        return
    names = list(dict.fromkeys(condition.field for condition in conditions))
    if len(names) < len(conditions):
        yield "  why: a filter has one value, and here one is compared twice"
        yield f"  fix: {otherwise}"
        return
    filters = ", ".join(index.filters) or "none"
    yield f"  why: a search names the first filters of its index, or none; {index.stored.name} has: {filters}"
    missing = next((name for name in index.filters if name not in names), None)
    if missing is not None and set(names) <= set(index.filters):
        yield f"  fix: name {missing} too: .where({cls}.{missing} == ...)"
        yield f"       or add a search index to class {cls}, in its schema:"
        yield f"         {index.stored.name}_2 = {_declaration(index, names)}"
    else:
        yield f"  fix: write this line in class {cls}, in its schema:"
        yield f"         {index.stored.name} = {_declaration(index, list(dict.fromkeys((*index.filters, *names))))}"
    yield f"       or {otherwise}"


def _declaration(index: CatalogSearch, filters: list[str]) -> str:
    quoted = ", ".join(f'"{name}"' for name in filters)
    return f'search_index("{index.text_field}", filters=[{quoted}])'
