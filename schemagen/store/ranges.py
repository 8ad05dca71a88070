"""A range of an index, and the SQL that reads it. NULL sorts before every value, as it does in SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schemagen.store.columns import SqlValue
from schemagen.store.tables import KeyColumn, StoredIndex, StoredTable


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range: values of the first key columns after the prefix, at least one."""

    values: tuple[SqlValue, ...]
    inclusive: bool


@dataclass(frozen=True, slots=True)
class IndexRange:
    """The rows whose key starts with `prefix` and lies within the bounds, in the order of the index."""

    index: StoredIndex
    prefix: tuple[SqlValue, ...] = ()
    lower: Bound | None = None
    upper: Bound | None = None
    descending: bool = False

    @property
    def parameters(self) -> list[SqlValue]:
        """What the statements of this range are given, before their last parameter: the limit, -1 for none."""
        out = list(self.prefix)
        for bound in (self.lower, self.upper):
            if bound is not None:
                out += bound.values
        return out

    @property
    def shape(self) -> tuple[object, ...]:
        """Ranges of one shape share their SQL text: it depends on which values are NULL, not on the others."""
        return (self.index.sql, len(self.prefix), _shape(self.lower), _shape(self.upper), self.descending)


def _shape(bound: Bound | None) -> tuple[object, ...] | None:
    return None if bound is None else (bound.inclusive, *(value is None for value in bound.values))


def range_sql(table: StoredTable, wanted: IndexRange) -> str:
    """The statement that reads a range; its parameters are `wanted.parameters` and the limit."""
    return f"{table.select_sql} {_source(wanted)} {_order(wanted)} {_limit(wanted)}"


def count_sql(table: StoredTable, wanted: IndexRange) -> str:
    return f"SELECT COUNT(*) FROM {table.sql} {_source(wanted)} {_limit(wanted)}"


def first_key_sql(table: StoredTable, wanted: IndexRange) -> str:
    """The key columns after the prefix, of the first row: read from the index alone."""
    rest = wanted.index.key[len(wanted.prefix) :]
    columns = ", ".join(key.sql for key in rest) or "1"
    return f"SELECT {columns} FROM {table.sql} {_source(wanted)} {_order(wanted)} {_limit(wanted)}"


def _order(wanted: IndexRange) -> str:
    """By the key columns that are not fixed; "" if all are, for then there is one row."""
    direction = " DESC" if wanted.descending else ""
    order = ", ".join(f"{key.sql}{direction}" for key in wanted.index.key[len(wanted.prefix) :])
    return f"ORDER BY {order}" if order else ""


def _limit(wanted: IndexRange) -> str:
    """Numbered last, and always there: SQLite counts parameters by the highest number, and NULLs are not compared."""
    return f"LIMIT ?{len(wanted.parameters) + 1}"


def _source(wanted: IndexRange) -> str:
    conditions = " AND ".join(_conditions(wanted))
    return f"INDEXED BY {wanted.index.sql}" + (f" WHERE {conditions}" if conditions else "")


def _conditions(wanted: IndexRange) -> Iterator[str]:
    prefix_length = len(wanted.prefix)
    for number, key in enumerate(wanted.index.key[:prefix_length], start=1):
        yield f"{key.sql} {'IS' if key.nullable else '='} ?{number}"
    rest = wanted.index.key[prefix_length:]
    lower, upper = wanted.lower, wanted.upper
    if lower is not None:
        yield from _compared(rest, lower, ">", prefix_length + 1, above_null=False)
    if upper is not None:
        # Above a lower bound the first column is not NULL, unless the bound itself is at or within the NULLs.
        above_null = lower is not None and (
            lower.values[0] is not None or (lower.values == (None,) and not lower.inclusive)
        )
        start = prefix_length + 1 + (len(lower.values) if lower is not None else 0)
        yield from _compared(rest, upper, "<", start, above_null=above_null)


def _compared(keys: tuple[KeyColumn, ...], bound: Bound, sign: str, start: int, *, above_null: bool) -> Iterator[str]:
    """Lexicographic comparison of the first key columns with a bound.

    SQL's row values do this, except around NULL: `NULL < 1` is not true to SQL, and to us it is.
    """
    keys = keys[: len(bound.values)]
    can_be_null = [key.nullable and not (above_null and position == 0) for position, key in enumerate(keys)]
    operator = sign + ("=" if bound.inclusive else "")
    if None not in bound.values and (sign == ">" or not any(can_be_null)):
        parameters = ", ".join(f"?{start + position}" for position in range(len(keys)))
        yield f"({', '.join(key.sql for key in keys)}) {operator} ({parameters})"
        return
    if bound.values[0] is not None and not (sign == "<" and can_be_null[0]):
        yield f"{keys[0].sql} {sign}= ?{start}"  # implied, and what the index is searched by
    equal: list[str] = []
    choices: list[str] = []
    for position, (key, value) in enumerate(zip(keys, bound.values, strict=True)):
        beyond = _beyond(key, value, sign, start + position, can_be_null=can_be_null[position])
        if beyond:
            choices.append(" AND ".join([*equal, beyond]))
        equal.append(f"{key.sql} IS ?{start + position}")
    if bound.inclusive:
        choices.append(" AND ".join(equal))
    yield f"({' OR '.join(choices)})" if choices else "0"


def _beyond(key: KeyColumn, value: SqlValue, sign: str, number: int, *, can_be_null: bool) -> str:
    """One column strictly beyond a value; "" if nothing is."""
    if value is None:
        return f"{key.sql} IS NOT NULL" if sign == ">" else ""
    if sign == "<" and can_be_null:
        return f"({key.sql} < ?{number} OR {key.sql} IS NULL)"
    return f"{key.sql} {sign} ?{number}"
