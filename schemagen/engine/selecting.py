"""Runs selects: reads rows, hands out documents, and notes what was read, tightened to what was handed out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import cache
from typing import Any, TypeVar, cast

from schemagen.declare import Page, PageRequest, Select, Table
from schemagen.engine.cursor import cursor_text, cursor_values
from schemagen.engine.execution import Execution, PinKey
from schemagen.engine.keys import ABOVE, values_of
from schemagen.engine.planner import Span, order_key
from schemagen.engine.read_set import Read
from schemagen.store.ranges import Bound
from schemagen.store.tables import Row

D = TypeVar("D", bound=Table)

_CHUNK_FIRST = 16
_CHUNK_MAX = 1024


class Selecting:
    """The `SelectRunner` of one execution."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._store = execution.store

    def span(self, select: Select[Any]) -> Span:
        workshop = self._execution.workshop
        return workshop.planner.span(workshop.catalog.of_type(select.table), select)

    async def fetch(self, select: Select[D], limit: int | None) -> list[D]:
        span = self.span(select)
        if limit == 0 or span.empty:
            return []
        if span.plan.in_memory:
            rows = self._scanned(span)[:limit]
        else:
            rows = self._store.read(span.plan.table.stored, span.range(), limit)
            if self._execution.reads is not None:
                read = span.read()
                if limit is not None and len(rows) == limit:
                    _tighten(read, span, rows[-1])
                self._execution.reads.append(read)
        document = span.plan.table.documents.document
        return cast("list[D]", [document(row) for row in rows])

    async def count(self, select: Select[D]) -> int:
        span = self.span(select)
        if span.empty:
            return 0
        if span.plan.in_memory:
            return len(self._scanned(span))
        if self._execution.reads is not None:
            self._execution.reads.append(span.read())
        return self._store.count(span.plan.table.stored, span.range())

    async def exists(self, select: Select[D]) -> bool:
        span = self.span(select)
        if span.empty:
            return False
        if span.plan.in_memory:
            return bool(self._scanned(span))
        found = self._store.first_key(span.plan.table.stored, span.range())
        if self._execution.reads is not None:
            read = span.read()
            if found is not None:
                _tighten_to(read, span, span.key(found))
            self._execution.reads.append(read)
        return found is not None

    def stream(self, select: Select[D]) -> AsyncIterator[D]:
        return _Stream(self._execution, self, select)

    async def fetch_page(self, select: Select[D], request: PageRequest) -> Page[D]:
        span = self.span(select)
        paging = _InMemoryPaging(self, span) if span.plan.in_memory else _IndexPaging(self._execution, span)
        rows, next_cursor = _page(self._execution, span, request, paging)
        document = span.plan.table.documents.document
        items = [document(row) for row in rows]
        return _page_type(select.table).model_construct(items=items, next_cursor=next_cursor)

    def _scanned(self, span: Span) -> list[Row]:
        """All rows of a scan in its order; the whole span was read, whatever becomes of it."""
        if self._execution.reads is not None:
            self._execution.reads.append(span.read())
        order = span.plan.order
        assert order is not None
        rows = [row for row in self._store.read(span.plan.table.stored, span.range()) if span.keeps(row)]
        rows.sort(key=lambda row: order_key(order, row), reverse=span.plan.descending)
        return rows


@cache
def _page_type(table: type[D]) -> type[Page[D]]:
    return Page[table]  # type: ignore[valid-type]  # the class is known at run time only


def _tighten(read: Read, span: Span, last: Row) -> None:
    """Nothing beyond `last` was read."""
    _tighten_to(read, span, span.row_key(last))


def _tighten_to(read: Read, span: Span, key: bytes) -> None:
    if span.plan.descending:
        read.low = key
    else:
        read.high = key + ABOVE


# --- pages ---


class _IndexPaging:
    """Rows of a span after and until some key, read from the index."""

    def __init__(self, execution: Execution, span: Span) -> None:
        self._execution = execution
        self._span = span
        self._store = execution.store
        self.storages = span.plan.index.storages[len(span.plan.equal) :]

    def key(self, row: Row) -> bytes:
        return self._span.plan.index.row_key(row, len(self._span.plan.equal))

    def rows(self, after: Bound | None, until: Bound | None, limit: int | None) -> list[Row]:
        return self._store.read(self._span.plan.table.stored, self._span.range(after=after, until=until), limit)

    def values(self, row: Row) -> Bound:
        return Bound(self._span.rest(row), inclusive=False)

    def note(self, after: bytes | None, last: Row | None) -> None:
        """What was read: from the cursor to `last`, or to the end of the span."""
        if self._execution.reads is None:
            return
        read = self._span.read()
        if after is not None and self._span.plan.descending:
            read.high = min(read.high, self._span.prefix + after)
        elif after is not None:
            read.low = max(read.low, self._span.prefix + after + ABOVE)
        if last is not None:
            _tighten(read, self._span, last)
        self._execution.reads.append(read)


class _InMemoryPaging:
    """The same for a scan, whose rows are all in memory."""

    def __init__(self, selecting: Selecting, span: Span) -> None:
        assert span.plan.order is not None
        self._order = span.plan.order
        self._descending = span.plan.descending
        self._rows = [] if span.empty else selecting._scanned(span)
        self.storages = tuple(key.storage for key in self._order)

    def key(self, row: Row) -> bytes:
        return order_key(self._order, row)

    def rows(self, after: Bound | None, until: Bound | None, limit: int | None) -> list[Row]:
        rows = self._rows
        if after is not None:
            rows = [row for row in rows if self._beyond(row, after)]
        if until is not None:
            rows = [row for row in rows if not self._beyond(row, until)]
        return rows[:limit]

    def _beyond(self, row: Row, bound: Bound) -> bool:
        at = order_key(self._order, row)
        end = order_key(self._order, self._as_row(bound))
        return at < end if self._descending else at > end

    def _as_row(self, bound: Bound) -> Row:
        row: list[Any] = [None] * (1 + max(key.position for key in self._order))
        for key, value in zip(self._order, bound.values, strict=True):
            row[key.position] = value
        return tuple(row)

    def values(self, row: Row) -> Bound:
        return Bound(tuple(row[key.position] for key in self._order), inclusive=False)

    def note(self, after: bytes | None, last: Row | None) -> None:
        """The scan has noted that everything was read."""


def _page(
    execution: Execution, span: Span, request: PageRequest, paging: _IndexPaging | _InMemoryPaging
) -> tuple[list[Row], str | None]:
    """The rows of one page and the cursor of the next.

    One row more is read than is handed out: whether it is there decides whether there is a next page. In a live
    query the end of a page that has a next one is pinned: run again, it holds what lies between its cursor and its
    end, however many that are.
    """
    after, start = None, None
    if request.cursor is not None:
        after, values = cursor_values(span.plan.signature, paging.storages, request)
        start = Bound(values, inclusive=False)
        if not span.plan.in_memory:
            where = _place(span, after)
            if where > 0:
                return [], None
            if where < 0:
                after, start = None, None
    if span.empty:
        return [], None
    pins = execution.pins
    pin_key: PinKey = (span.plan.index.number, span.low, span.high, after or b"", request.size, span.plan.descending)
    end = pins.end(pin_key) if pins is not None else None
    if pins is not None and end is not None:
        rows = paging.rows(start, _bound(paging, end, inclusive=True), None)
        beyond = paging.rows(_bound(paging, end, inclusive=False), None, 1)
        paging.note(after, beyond[0] if beyond else None)
        pins.moved = pins.moved or len(rows) != request.size or paging.key(rows[-1]) != end
        return rows, cursor_text(span.plan.signature, end) if beyond else None
    rows = paging.rows(start, None, request.size + 1)
    if len(rows) <= request.size:
        paging.note(after, None)
        return rows, None
    paging.note(after, rows.pop())
    end = paging.key(rows[-1])
    if pins is not None:
        pins.pin(pin_key, end)
    return rows, cursor_text(span.plan.signature, end)


def _place(span: Span, after: bytes) -> int:
    """Where a cursor stands: -1 before the span in its direction, 0 within, 1 behind it. A span may move with time."""
    key = span.prefix + after
    above, below = key >= span.high, key + ABOVE <= span.low
    if span.plan.descending:
        above, below = below, above
    return 1 if above else -1 if below else 0


def _bound(paging: _IndexPaging | _InMemoryPaging, key: bytes, *, inclusive: bool) -> Bound:
    return Bound(values_of(paging.storages, key), inclusive)


# --- streams ---


class _Stream(AsyncIterator[D]):
    """Documents one by one. What was read ends at the last one handed out, or at the end of the span."""

    def __init__(self, execution: Execution, selecting: Selecting, select: Select[D]) -> None:
        self._execution = execution
        self._selecting = selecting
        self._select = select
        self._span: Span | None = None
        self._read: Read | None = None
        self._rows: list[Row] = []
        self._at = 0
        self._chunk: int | None = _CHUNK_FIRST
        """How many rows are read next; None if all are here."""

    async def __anext__(self) -> D:
        if self._span is None:
            self._start()
        span = self._span
        assert span is not None
        if self._at == len(self._rows):
            self._more(span)
        if self._at == len(self._rows):
            self._finish(span)
            raise StopAsyncIteration
        row = self._rows[self._at]
        self._at += 1
        if self._read is not None:
            _tighten(self._read, span, row)
        return cast(D, span.plan.table.documents.document(row))

    def _start(self) -> None:
        span = self._span = self._selecting.span(self._select)
        if span.empty:
            self._chunk = None
        elif span.plan.in_memory:
            self._rows, self._chunk = self._selecting._scanned(span), None
        else:
            if self._execution.writes is not None:
                # A mutation may write to what it walks over: it walks over what was there when it began.
                self._rows = self._execution.store.read(span.plan.table.stored, span.range())
                self._chunk = None
            if self._execution.reads is not None:
                read = self._read = span.read()
                if span.plan.descending:
                    read.low = read.high
                else:
                    read.high = read.low
                self._execution.reads.append(read)

    def _more(self, span: Span) -> None:
        if self._chunk is None:
            return
        after = Bound(span.rest(self._rows[-1]), inclusive=False) if self._rows else None
        if after is not None and not after.values:  # all key columns are fixed: there was one row
            self._chunk = None
            return
        self._rows = self._execution.store.read(span.plan.table.stored, span.range(after=after), self._chunk)
        self._at = 0
        self._chunk = None if len(self._rows) < self._chunk else min(self._chunk * 4, _CHUNK_MAX)

    def _finish(self, span: Span) -> None:
        if self._read is not None:
            if span.plan.descending:
                self._read.low = span.low
            else:
                self._read.high = span.high
