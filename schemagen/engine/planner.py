"""Which index serves a select, and which interval of it.

Equality on the first columns of an index, then ranges on the next one, then the order: nothing else is served, and
what is not served is refused with the line to add. A scan may filter and sort the rest in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

import orjson

from schemagen.declare import Select, UnindexedQuery
from schemagen.declare.select import Condition, Op
from schemagen.engine.catalog import CatalogIndex, CatalogTable
from schemagen.engine.documents import ToValue
from schemagen.engine.keys import ABOVE, ABOVE_NULL, NULL_PART, key_of, part_of
from schemagen.engine.memory import CONDITIONS_KEPT_MAX, PLANS_MAX
from schemagen.engine.read_set import Read
from schemagen.store.columns import SqlValue
from schemagen.store.ranges import Bound, IndexRange
from schemagen.store.recent import RecentlyUsed
from schemagen.store.tables import KeyColumn, Row
from schemagen.wire.issue import WireError
from schemagen.wire.storage import Storage

_LOWER = (Op.GT, Op.GE)
_UPPER = (Op.LT, Op.LE)
_COMPARE = {Op.GT: gt, Op.GE: ge, Op.LT: lt, Op.LE: le}


@dataclass(frozen=True, slots=True)
class Plan:
    """How selects of one shape are served; conditions are told apart by their position in the select."""

    table: CatalogTable
    index: CatalogIndex
    values: tuple[ToValue, ...]
    """What makes an SQL value of each condition's value."""
    equal: tuple[int, ...]
    """The conditions that fix the first key columns, in the order of the key."""
    lower: tuple[int, ...]
    upper: tuple[int, ...]
    """Conditions on the key column after those."""
    filters: tuple[int, ...]
    """Conditions that only a scan may have: checked row by row."""
    order: tuple[KeyColumn, ...] | None
    """How a scan sorts in memory; None if rows come in the order of the index."""
    descending: bool
    signature: str
    """Cursors of one plan fit no other."""

    @property
    def in_memory(self) -> bool:
        return bool(self.filters) or self.order is not None


class Span:
    """The interval of an index that one select covers, as bytes and as SQL values."""

    __slots__ = ("filtered", "high", "low", "lower", "plan", "prefix", "prefix_values", "upper")

    def __init__(self, plan: Plan, conditions: tuple[Condition, ...]) -> None:
        values = [_value(plan, condition, to_sql) for condition, to_sql in zip(conditions, plan.values, strict=True)]
        self.plan = plan
        self.prefix_values = tuple([values[position] for position in plan.equal])
        self.prefix = key_of(plan.index.parts[: len(plan.equal)], self.prefix_values)
        self.low = self.prefix
        self.high = self.prefix + ABOVE
        self.lower: Bound | None = None
        self.upper: Bound | None = None
        if plan.lower or plan.upper:
            self._narrow(conditions, values)
        self.filtered = [(conditions[position], values[position]) for position in plan.filters]

    def _narrow(self, conditions: tuple[Condition, ...], values: list[SqlValue]) -> None:
        """Apply the range conditions: the tightest of each end counts, and NULL is in no range."""
        key = self.plan.index.key[len(self.plan.equal)]
        part = self.plan.index.parts[len(self.plan.equal)]
        if key.nullable:
            self.low = self.prefix + ABOVE_NULL
            self.lower = Bound((None,), inclusive=False)
        for position in self.plan.lower:
            inclusive = conditions[position].op is Op.GE
            low = self.prefix + part(values[position]) + (b"" if inclusive else ABOVE)
            if low > self.low:
                self.low, self.lower = low, Bound((values[position],), inclusive)
        for position in self.plan.upper:
            inclusive = conditions[position].op is Op.LE
            high = self.prefix + part(values[position]) + (ABOVE if inclusive else b"")
            if high < self.high:
                self.high, self.upper = high, Bound((values[position],), inclusive)

    @property
    def empty(self) -> bool:
        return self.low >= self.high

    def read(self) -> Read:
        """The whole span as something that was read."""
        return Read((self.plan.index.number, len(self.plan.equal), self.prefix), self.low, self.high)

    def range(self, *, after: Bound | None = None, until: Bound | None = None) -> IndexRange:
        """What the store is asked for; `after` and `until` cut it in the direction in which it is read."""
        lower, upper = self.lower, self.upper
        if self.plan.descending:
            lower, upper = until or lower, after or upper
        else:
            lower, upper = after or lower, until or upper
        return IndexRange(self.plan.index.stored, self.prefix_values, lower, upper, self.plan.descending)

    def row_key(self, row: Row) -> bytes:
        """The whole key of a row that is in this span."""
        return self.prefix + self.plan.index.row_key(row, len(self.plan.equal))

    def key(self, rest: Row) -> bytes:
        """The whole key of a row that is in this span, from its key columns after the fixed ones."""
        return self.prefix + key_of(self.plan.index.parts[len(self.plan.equal) :], rest)

    def rest(self, row: Row) -> tuple[SqlValue, ...]:
        """The key columns of a row after the fixed ones."""
        return tuple([row[position] for position in self.plan.index.positions[len(self.plan.equal) :]])

    def keeps(self, row: Row) -> bool:
        """Whether a row passes the filters of a scan."""
        return all(_holds(self.plan, condition, value, row) for condition, value in self.filtered)


def _value(plan: Plan, condition: Condition, to_sql: ToValue) -> SqlValue:
    try:
        value = to_sql(condition.value)
    except WireError as error:
        where = f"where({plan.table.type.__name__}.{condition.field} {condition.op} {condition.value!r})"
        raise TypeError(f"{where} can never hold: {error}") from None
    if value is None and condition.op not in (Op.EQ, Op.NE):
        name = f"{plan.table.type.__name__}.{condition.field}"
        raise TypeError(f"where({name} {condition.op} None): None is neither less nor more than anything; use == or !=")
    return value


def _holds(plan: Plan, condition: Condition, wanted: SqlValue, row: Row) -> bool:
    key = plan.table.documents.keys[condition.field]
    held = row[key.position]
    if condition.op is Op.EQ or condition.op is Op.NE:
        if held is None or wanted is None:
            return (held is wanted) is (condition.op is Op.EQ)
        return (_sortable(key, held) == _sortable(key, wanted)) is (condition.op is Op.EQ)
    return held is not None and bool(_COMPARE[condition.op](_sortable(key, held), _sortable(key, wanted)))


def _sortable(key: KeyColumn, value: SqlValue) -> Any:
    if key.storage is Storage.DECIMAL:
        return Decimal(str(value))
    return orjson.loads(str(value)) if key.storage is Storage.JSON else value


class Planner:
    """Plans selects, each shape once."""

    def __init__(self) -> None:
        self._plans: RecentlyUsed[tuple[object, ...], Plan] = RecentlyUsed(PLANS_MAX)

    @property
    def plans(self) -> int:
        """How many are kept."""
        return len(self._plans)

    def span(self, table: CatalogTable, select: Select[Any]) -> Span:
        """Raises `UnindexedQuery` if no index serves the select, TypeError if a condition can never hold."""
        conditions = select.conditions
        shape = (
            table.name,
            tuple([(condition.field, condition.op) for condition in conditions]),
            select.order,
            select.descending,
            select.whole_table,
        )
        plan = self._plans.get(shape)
        if plan is None:
            plan = _planned(table, select)
            if len(conditions) <= CONDITIONS_KEPT_MAX:
                self._plans.put(shape, plan)
        return Span(plan, conditions)


def _planned(table: CatalogTable, select: Select[Any]) -> Plan:
    keys = table.documents.keys
    for field in (*(condition.field for condition in select.conditions), *select.order):
        if field not in keys:
            raise TypeError(f"{table.type.__name__} has no field {field!r} that a select could name")
    wanted = _Wanted(table, select)
    served = min(wanted.served(), key=lambda found: found[0], default=None)
    if served is None:
        if not select.whole_table:
            raise UnindexedQuery(wanted.advice())
        return wanted.scanned()
    return wanted.plan(served[1])


class _Wanted:
    """What a select asks of an index."""

    def __init__(self, table: CatalogTable, select: Select[Any]) -> None:
        self.table = table
        self.select = select
        self.equal: dict[str, int] = {}
        self.ranges: dict[str, list[int]] = {}
        self.others: list[int] = []  # what no index serves
        for position, condition in enumerate(select.conditions):
            sortable = table.documents.keys[condition.field].storage.sortable
            if condition.op is Op.EQ and sortable and condition.field not in self.equal:
                self.equal[condition.field] = position
            elif condition.op in _COMPARE and sortable:
                self.ranges.setdefault(condition.field, []).append(position)
            else:
                self.others.append(position)
        # A field that is fixed has one value: it orders nothing.
        self.order = tuple(dict.fromkeys(field for field in select.order if field not in self.equal))

    def served(self) -> Iterator[tuple[tuple[int, str], CatalogIndex]]:
        """Indexes that serve all of it, ranked: the fewest key columns beyond what was asked, then by name."""
        if self.others or len(self.ranges) > 1 or self.ranges.keys() & self.equal.keys():
            return
        asked = {*self.equal, *self.ranges, *self.order}
        for index in self.table.indexes:
            if index is self.table.by_id and not asked & {"id"}:
                continue  # in order of ids, which only who names ids expects
            fixed = self._fixed(index)
            rest = index.fields[fixed:]
            if fixed < len(self.equal) or self.order != rest[: len(self.order)]:
                continue
            if self.ranges.keys() <= set(rest[:1]) and all(
                key.storage.sortable for key in self._ordering(index, fixed)
            ):
                yield (len(rest), index.stored.name), index

    def _fixed(self, index: CatalogIndex) -> int:
        """How many of an index's first columns are fixed by equality."""
        return next((at for at, field in enumerate(index.fields) if field not in self.equal), len(index.fields))

    def _ordering(self, index: CatalogIndex, fixed: int) -> tuple[KeyColumn, ...]:
        """The key columns whose order must be that of their values."""
        return index.key[fixed : fixed + max(len(self.order), len(self.ranges))]

    def plan(
        self, index: CatalogIndex, *, filters: tuple[int, ...] = (), order: tuple[KeyColumn, ...] | None = None
    ) -> Plan:
        select = self.select
        fixed = self._fixed(index)
        ranged = [] if filters or order is not None else [each for group in self.ranges.values() for each in group]
        documents = self.table.documents
        names = ",".join(index.fields[fixed:] if order is None else (key.field for key in order))
        return Plan(
            table=self.table,
            index=index,
            values=tuple(documents.condition(condition.field) for condition in select.conditions),
            equal=tuple(self.equal[field] for field in index.fields[:fixed]),
            lower=tuple(position for position in ranged if select.conditions[position].op in _LOWER),
            upper=tuple(position for position in ranged if select.conditions[position].op in _UPPER),
            filters=filters,
            order=order,
            descending=select.descending,
            signature=f"{self.table.name}({names}){'desc' if select.descending else 'asc'}",
        )

    def scanned(self) -> Plan:
        """Read as little as an index allows by equality alone; filter and sort the rest in memory."""
        keys = self.table.documents.keys
        self._refuse_unordered()
        by_creation_time = next(index for index in self.table.indexes if index.fields == ("creation_time", "id"))
        index = max(self.table.indexes, key=self._fixed)
        if self._fixed(index) == 0:
            index = by_creation_time
        used = {self.equal[field] for field in index.fields[: self._fixed(index)]}
        filters = tuple(position for position in range(len(self.select.conditions)) if position not in used)
        names = tuple(dict.fromkeys((*self.select.order, "creation_time", "id")))
        return self.plan(index, filters=filters, order=tuple(keys[name] for name in names))

    def _refuse_unordered(self) -> None:
        keys = self.table.documents.keys
        for field in self.select.order:
            if not keys[field].storage.sortable:
                raise TypeError(f"order_by({self._name(field)}): values stored as {keys[field].storage} have no order")
        for condition in self.select.conditions:
            if keys[condition.field].storage is Storage.JSON and condition.op in _COMPARE:
                raise TypeError(f"where({self._shown(condition)}): values stored as json have no order")

    # --- what to do about it ---

    def advice(self) -> str:
        select = self.select
        asked = "".join(f".where({self._shown(condition)})" for condition in select.conditions)
        if select.order:
            names = ", ".join(map(self._name, select.order))
            asked += f".order_by({f'desc({names})' if select.descending else names})"
        return "\n".join((f"no index serves ctx.db.query({self.table.type.__name__}){asked}", *self._fix()))

    def _fix(self) -> Iterator[str]:
        keys = self.table.documents.keys
        for position in self.others:
            condition = self.select.conditions[position]
            if condition.op is Op.NE:
                reason = "an index finds what is equal, less or more, not what is different"
            elif condition.field in self.equal:
                reason = f"{condition.field} is compared by == twice"
            else:
                reason = f"values stored as {keys[condition.field].storage} have no order an index could keep"
            yield f"  why: {self._shown(condition)}: {reason}"
        unordered = [field for field in self.order if not keys[field].storage.sortable]
        for field in unordered:
            yield f"  why: order_by({self._name(field)}): values stored as {keys[field].storage} have no order"
        ranged = next(iter(self.ranges), None)
        impossible = bool(self.others or unordered)
        if "id" in self.equal and len(self.equal) > 1:
            impossible = True
            yield "  why: an id alone finds its document: read it by ctx.db.get(id), then look at its fields"
        if len(self.ranges) > 1 or ranged in self.equal:
            impossible = True
            yield f"  why: an index serves one range after its equalities, here are several: {', '.join(self.ranges)}"
        elif ranged is not None and self.order and self.order[0] != ranged:
            impossible = True
            yield f"  why: rows within a range of {ranged} come ordered by {ranged}, not by {self.order[0]}"
        if not impossible:
            yield f"  fix: add this line to class {self.table.type.__name__}, in its schema:"
            yield f"         {self._index_line()}"
            yield "       or end the select with .scan() if reading the whole table is meant"
        else:
            yield "  fix: narrow by other conditions and choose in Python,"
            yield "       or end the select with .scan() if reading the whole table is meant"

    def _index_line(self) -> str:
        fields = list(dict.fromkeys((*self.equal, *self.ranges, *self.order)))
        for implicit in ("id", "creation_time"):  # the last keys of every index
            if len(fields) > 1 and fields[-1] == implicit:
                fields.pop()
        name = "by_" + "_".join(field.removesuffix("_id") or field for field in fields)
        quoted = ", ".join(f'"{field}"' for field in fields)
        return f"{name} = index({quoted})"

    def _name(self, field: str) -> str:
        return f"{self.table.type.__name__}.{field}"

    def _shown(self, condition: Condition) -> str:
        return f"{self._name(condition.field)} {condition.op} ..."


def order_key(order: tuple[KeyColumn, ...], row: Row) -> bytes:
    """The sort key of a row in a scan."""
    return b"".join(
        NULL_PART if row[key.position] is None else part_of(key.storage)(row[key.position]) for key in order
    )
