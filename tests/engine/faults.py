"""Bugs to be found: each changes a line or two of the engine while it is seeded, as a tired engineer might.

`test_faults.py` fails for a bug that the simulation does not find, and here for one whose line is no longer there.
"""

from __future__ import annotations
import __future__

import inspect
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from schemagen.engine import batch, live, selecting
from schemagen.engine.batch import Engine
from schemagen.engine.context import ExecutionAuth, Writing
from schemagen.engine.database import Reader, Writer
from schemagen.engine.invalidation import _Ranges, _SortedIntervals
from schemagen.engine.live import LiveQueries
from schemagen.engine.planner import Span
from schemagen.engine.searching import Searching
from schemagen.engine.selecting import Selecting, _Stream
from schemagen.sync.server import ServerSync
from tests.engine.simulation.programs import Mix


@dataclass(frozen=True)
class Edit:
    """One function with `old`, which is in it exactly once, replaced by `new`."""

    owner: Any  # a class or a module
    function: str
    old: str
    new: str

    def function_changed(self) -> Any:
        original = inspect.getattr_static(self.owner, self.function)
        source = textwrap.dedent(inspect.getsource(original))
        assert source.count(self.old) == 1, (
            f"{self.function} has no longer one {self.old!r}: seed the fault where the engine now does this"
        )
        changed = source.replace(self.old, self.new)
        code = compile(changed, inspect.getfile(original), "exec", flags=__future__.annotations.compiler_flag)
        namespace: dict[str, Any] = {}
        exec(code, original.__globals__, namespace)
        return namespace[self.function]


@dataclass(frozen=True)
class Fault:
    name: str
    edits: tuple[Edit, ...]
    mix: Mix = Mix.ALL
    """Where to look. Of PRECISE it only makes queries run in vain, which is found by counting them."""

    def __str__(self) -> str:
        return self.name

    @contextmanager
    def seeded(self) -> Iterator[None]:
        with ExitStack() as stack:
            for edit in self.edits:
                stack.enter_context(patch.object(edit.owner, edit.function, edit.function_changed()))
            yield


def fault(name: str, owner: Any, function: str, old: str, new: str, mix: Mix = Mix.ALL) -> Fault:
    return Fault(name, (Edit(owner, function, old, new),), mix)


_UNREGISTERED = (
    "self._index.remove(live, live.reads) if live not in self.__dict__.get('late', []) else self.late.remove(live)"
)

FAULTS: tuple[Fault, ...] = (
    # --- what was read ---
    fault(
        "a short result is tightened though there was no more",
        Selecting,
        "fetch",
        "if limit is not None and len(rows) == limit:",
        "if limit is not None and rows:",
    ),
    fault(
        "take is tightened one key too far",
        Selecting,
        "fetch",
        "_tighten(read, span, rows[-1])",
        "_tighten(read, span, rows[max(0, limit - 2)])",
    ),
    fault(
        "an absent document is not noted as read",
        Reader,
        "_row",
        "self._note(table, id_)\n    return self._execution.store.get(table.stored, id_)",
        "row = self._execution.store.get(table.stored, id_)\n    row and self._note(table, id_)\n    return row",
    ),
    fault(
        "of several documents only the first is noted as read",
        Reader,
        "get_many",
        "self._note(table, id)",
        "by_table or self._note(table, id)",
    ),
    fault(
        "a descending range is tightened at the wrong end",
        selecting,
        "_tighten_to",
        "read.low = key",
        "read.high = key + ABOVE",
    ),
    fault(
        "a loop that breaks is tightened to the document before",
        _Stream,
        "__anext__",
        "_tighten(self._read, span, row)",
        "_tighten(self._read, span, self._rows[max(0, self._at - 2)])",
    ),
    fault(
        "a loop that breaks is tightened to what was fetched",
        _Stream,
        "__anext__",
        "_tighten(self._read, span, row)",
        "_tighten(self._read, span, self._rows[-1])",
        mix=Mix.PRECISE,
    ),
    fault(
        "a loop that ends is not widened to the end of its range",
        _Stream,
        "_finish",
        "if self._read is not None:",
        "if self._read is not None and self._read.low == self._read.high:",
    ),
    fault(
        "the upper end of a range is read exclusively",
        Span,
        "_narrow",
        '(ABOVE if inclusive else b"")\n        if high',
        'b""\n        if high',
    ),
    fault(
        "a full result is not tightened",
        Selecting,
        "fetch",
        "if limit is not None and len(rows) == limit:",
        "if False:",
        mix=Mix.PRECISE,
    ),
    fault(
        "a count is not noted as a read",
        Selecting,
        "count",
        "self._execution.reads.append(span.read())",
        "pass",
    ),
    fault(
        "only the first read of a query is kept",
        Selecting,
        "fetch",
        "self._execution.reads.append(read)",
        "self._execution.reads[:] = self._execution.reads or [read]",
    ),
    fault(
        "the words of a search are not noted as read",
        Searching,
        "fetch",
        "reads += (index.read_of_word(filters, token) for token in terms.whole)",
        "pass",
        mix=Mix.SEARCHES,
    ),
    fault(
        "the last word of a search is noted as a whole word only",
        Searching,
        "fetch",
        "index.read_of_beginning(filters, terms.last, last)",
        "index.read_of_word(filters, terms.last)",
        mix=Mix.SEARCHES,
    ),
    fault(
        "the documents that a search finds are not noted as read",
        Searching,
        "fetch",
        "reads += map(table.read_of_id, ids)",
        "pass",
        mix=Mix.SEARCHES,
    ),
    # --- which queries a commit concerns ---
    fault(
        "the old key of a moved document is not looked up",
        LiveQueries,
        "met_by",
        "for row in (old, new):",
        "for row in (old if new is None else new,):",
    ),
    fault(
        "a deleted document is not looked up",
        LiveQueries,
        "met_by",
        "for row in (old, new):",
        "for row in (new and old, new):",
    ),
    fault(
        "of the intervals that may hold a key the last is not looked at",
        _SortedIntervals,
        "holding",
        "bisect_right(self._lows, key)",
        "bisect_right(self._lows, key) - 1",
    ),
    fault(
        "sorting the intervals of a bucket loses the newest",
        _Ranges,
        "_rebuild",
        "_SortedIntervals(alive)",
        "_SortedIntervals(alive[:-1])",
    ),
    Fault(
        "a subscription is registered after a gap, without validation",
        (
            Edit(
                LiveQueries,
                "_started",
                "result = self._observed(live, subscription.identity)",
                "result = self._observed(live, subscription.identity)\n    self._index.remove(live, live.reads)\n"
                "    self.__dict__.setdefault('late', []).append(live)",
            ),
            Edit(
                LiveQueries,
                "met_by",
                "return met",
                "[self._index.add(live, live.reads) for live in self.__dict__.pop('late', [])]\n    return met",
            ),
            Edit(LiveQueries, "rerun", "self._index.remove(live, live.reads)", _UNREGISTERED),
            Edit(LiveQueries, "_leave", "self._index.remove(live, live.reads)", _UNREGISTERED),
        ),
    ),
    fault(
        "a time that moved on is forgotten once a commit ran the query",
        LiveQueries,
        "_observed",
        "seen.expires != live.expires:",
        "live.expires is None:",
    ),
    # --- what a mutation wrote ---
    fault(
        "what a nested mutation undid stays in the write set",
        Writing,
        "run_mutation",
        "del writes[before:]",
        "pass",
    ),
    fault(
        "what a nested mutation wrote is not in the write set",
        Writing,
        "run_mutation",
        'store.release("inner")',
        'store.release("inner")\n    del writes[before:]',
    ),
    fault(
        "a mutation that failed is not undone",
        batch._Batch,
        "_attempt",
        'self._store.undo("call")',
        'self._store.release("call")',
    ),
    fault(
        "a patch is not in the write set",
        Writer,
        "_change",
        "self._wrote(table, old, new)",
        "self._wrote(table, old, old)",
    ),
    fault(
        "a mutation sent again runs again",
        batch._Batch,
        "run",
        "if known is not None:",
        "if False:",
    ),
    fault(
        "the answer of a mutation sent again is not told apart by caller",
        batch,
        "_digest",
        "caller.encode()",
        'b""',
    ),
    # --- pages ---
    fault(
        "the end of a page is not pinned",
        selecting,
        "_page",
        "pins.pin(pin_key, end)",
        "pass",
    ),
    fault(
        "the document behind a page is not noted as read",
        selecting,
        "_page",
        "paging.note(after, beyond[0] if beyond else None)",
        "paging.note(after, rows[-1] if rows else None)",
    ),
    fault(
        "a page that grew is given to new watchers",
        LiveQueries,
        "_join",
        "None if live is None or live.pins.moved else",
        "None if live is None else",
    ),
    fault(
        "a page starts with the document its cursor names",
        selecting,
        "_page",
        "start = Bound(values, inclusive=False)",
        "start = Bound(values, inclusive=True)",
    ),
    # --- who is told what ---
    fault(
        "an unchanged result is told by the result before the last",
        LiveQueries,
        "rerun",
        "wasted = same_result(before, after)",
        "earlier = self.__dict__.setdefault('earlier', {})\n"
        "        compared, earlier[live] = earlier.get(live, before), before\n"
        "        wasted = same_result(compared, after)",
    ),
    fault(
        "every failure is the same failure or the same success",
        live,
        "same_result",
        "return before == after",
        "return before == after or isinstance(before, Failure)",
    ),
    fault(
        "a caller that was read is not in the cache key",
        LiveQueries,
        "_share",
        "live.caller = identity if live.identity_read else _NOBODY",
        "live.caller = _NOBODY",
    ),
    fault(
        "reading the caller is not noted",
        ExecutionAuth,
        "identity",
        "self._execution.identity_read = True",
        "pass",
    ),
    fault(
        "a query that begins to ask for the caller stays shared",
        LiveQueries,
        "rerun",
        "self._split(live, identity, before, changes)",
        "pass",
        mix=Mix.CALLERS,
    ),
    fault(
        "merging what a slow client has not read drops a query",
        ServerSync,
        "news",
        "self.changes |= current",
        "self.changes = dict(current)",
    ),
    fault(
        "a query removed and added is answered by its predecessor",
        ServerSync,
        "_is_current",
        "query.since <= versions.query_set",
        "True",
    ),
    fault(
        "a mutation is answered before its changes are told",
        Engine,
        "run",
        "effects = self._deltas(self._rerun(writes))",
        "effects = self._deltas(self._rerun([]))",
    ),
)
