"""SQL reads the rows that the bytes of their keys say, in the order of those bytes: NULLs, bounds and directions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemagen.engine.keys import ABOVE, key_of, part_of, values_of
from schemagen.model import types as t
from schemagen.store.columns import SqlValue
from schemagen.store.ranges import Bound, IndexRange, range_sql
from schemagen.store.sqlite import SqliteStore
from schemagen.store.tables import Row
from tests.store.tables import contract_of, field, open_store, optional

TEXTS = ["", "A", "a", "aa", "b", "é", "\uffff", "😀"]
NUMBERS = [-(2**62), -1, 0, 1, 2**62]
REALS = [float("-inf"), -1.5, -0.0, 0.0, 1e-300, 2.5, float("inf")]
BLOBS = [b"", b"\x00", b"\x00\x00", b"\x00\xff", b"a", b"\xff"]
VALUES: dict[str, list[Any]] = {
    "word": [None, *TEXTS],
    "number": [None, *NUMBERS],
    "real": [None, *REALS],
    "blob": [None, *BLOBS],
}
CONTRACT = contract_of(
    field("word", optional(t.StringType())),
    field("number", optional(t.Int64Type())),
    field("real", optional(t.FloatType(non_finite=True))),
    field("blob", optional(t.BytesType())),
    field("place", t.StringType()),
    indexes={
        "by_words": ("word", "number"),
        "by_numbers": ("number", "real", "blob"),
        "by_reals": ("real", "place"),
        "by_blobs": ("blob", "word"),
        "by_places": ("place", "number"),
    },
)
INDEXES = sorted(CONTRACT.tables[0].indexes, key=lambda index: index.name)
VALUES["place"] = TEXTS
KEY_VALUES = VALUES | {
    "creation_time": ["2026-01-01T00:00:00.000000Z", "2026-01-01T00:00:00.000001Z"],
    "id": [f"things_{n:026d}" for n in range(40)],
}


def filled_store(rows: list[dict[str, Any]]) -> SqliteStore:
    store = open_store(CONTRACT)
    store.begin()
    for number, row in enumerate(rows):
        time = KEY_VALUES["creation_time"][number % 2]
        fields = _clean(tuple(row[each] for each in ("word", "number", "real", "blob", "place")))
        store.insert(store.tables["things"], (f"things_{number:026d}", time, *fields))
    store.commit(1)
    return store


def key(store: SqliteStore, index: str, row: Row) -> bytes:
    held = store.tables["things"].indexes[index].key
    return key_of(tuple(part_of(each.storage) for each in held), tuple(row[each.position] for each in held))


ROWS = st.lists(st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()}), max_size=40)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.data())
def test_a_range_holds_the_rows_whose_keys_lie_in_it(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    store = filled_store(rows)
    table = store.tables["things"]
    everything = store.read(table, IndexRange(table.indexes["by_creation_time"]))
    for _ in range(8):
        declared = data.draw(st.sampled_from(INDEXES))
        index = table.indexes[declared.name]
        names = [each.field for each in index.key]
        parts = tuple(part_of(each.storage) for each in index.key)
        fixed = data.draw(st.integers(0, len(declared.fields)))
        prefix = tuple(data.draw(st.sampled_from(KEY_VALUES[name])) for name in names[:fixed])
        bounds = [data.draw(st.none() | _bound(names[fixed:])) for _ in range(2)]
        descending = data.draw(st.booleans())
        limit = data.draw(st.none() | st.integers(0, 5))
        low = start = key_of(parts[:fixed], _clean(prefix))
        high = start + ABOVE
        for bound, is_lower in zip(bounds, (True, False), strict=True):
            if bound is not None:
                edge = start + key_of(parts[fixed : fixed + len(bound.values)], bound.values)
                if is_lower:
                    low = edge if bound.inclusive else edge + ABOVE
                else:
                    high = edge + ABOVE if bound.inclusive else edge
        expected = sorted(
            (row for row in everything if low <= key(store, declared.name, row) < high),
            key=lambda row: key(store, declared.name, row),
            reverse=descending,
        )
        wanted = IndexRange(index, _clean(prefix), bounds[0], bounds[1], descending)
        assert store.read(table, wanted, limit) == expected[:limit]
        assert store.count(table, wanted) == len(expected)
    store.close()


def _bound(names: list[str]) -> st.SearchStrategy[Bound]:
    return st.integers(1, len(names)).flatmap(
        lambda length: st.builds(
            Bound,
            st.tuples(*(st.sampled_from(KEY_VALUES[name]) for name in names[:length])).map(_clean),
            st.booleans(),
        )
    )


def _clean(values: tuple[Any, ...]) -> tuple[SqlValue, ...]:
    """As columns hold them: there is no negative zero."""
    return tuple(value + 0.0 if isinstance(value, float) else value for value in values)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_key_gives_its_values_back(data: st.DataObject) -> None:
    store = open_store(CONTRACT)
    index = store.tables["things"].indexes[data.draw(st.sampled_from(INDEXES)).name]
    values = _clean(tuple(data.draw(st.sampled_from(KEY_VALUES[each.field])) for each in index.key))
    storages = tuple(each.storage for each in index.key)
    assert values_of(storages, key_of(tuple(map(part_of, storages)), values)) == values
    store.close()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_bytes_that_are_no_key_are_refused(noise: bytes) -> None:
    storages = tuple(each.storage for each in TABLE.indexes["by_numbers"].key)
    try:
        values = values_of(storages, noise)
    except ValueError:
        return
    assert key_of(tuple(map(part_of, storages)), values) == noise


TABLE = open_store(CONTRACT).tables["things"]


PLACES, WORDS, TIMES = (TABLE.indexes[name] for name in ("by_places", "by_words", "by_creation_time"))


@pytest.mark.parametrize(
    ("wanted", "searched_by"),
    [
        (IndexRange(PLACES, ("a",)), "(place=?)"),
        (IndexRange(PLACES, (), Bound(("a",), True), Bound(("b",), False)), "(place>? AND place<?)"),
        (IndexRange(WORDS, ("a",), Bound((None,), False), Bound((3,), True)), "(word=? AND number>? AND number<?)"),
        (IndexRange(WORDS, (), Bound(("a", 1, "t", "i"), False)), "((word,number,_creation_time,_id)>(?,?,?,?))"),
        (IndexRange(TIMES, (), None, Bound(("t", "i"), False), True), "((_creation_time,_id)<(?,?))"),
    ],
)
def test_a_range_is_searched_in_its_index_and_never_sorted(wanted: IndexRange, searched_by: str) -> None:
    store = open_store(CONTRACT)
    sql = range_sql(TABLE, wanted)
    plan = " ".join(row[3] for row in store._execute(f"EXPLAIN QUERY PLAN {sql}", [*wanted.parameters, -1]))
    assert f"SEARCH things USING INDEX things.{wanted.index.name}" in plan
    assert searched_by in plan
    assert "TEMP B-TREE" not in plan
    store.close()
