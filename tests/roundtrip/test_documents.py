"""Random documents of random tables: what is exported, imported and exported again has not changed by a byte."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from schemagen.engine.importing import Import
from schemagen.engine.lines import lines_of
from schemagen.engine.opening import codec_of
from schemagen.introspect import Backend, load
from schemagen.model.contract import Field
from schemagen.model.ids import format_id, uuid7
from schemagen.model.types import DateTimeType, Type, UnionType, nullable
from schemagen.store.columns import column
from schemagen.store.snapshot import Snapshot
from schemagen.wire.codec import Codec
from schemagen.wire.formats import parse_datetime
from schemagen.wire.issue import WireError
from schemagen.wire.kinds import structure
from tests.roundtrip.backends import write_backend
from tests.roundtrip.wires import Wires

TABLES = 8
DOCUMENTS = 15

Wire = dict[str, Any]


@pytest.mark.slow
@pytest.mark.parametrize("number", range(4))
def test_export_import_export_changes_no_byte_of_random_documents(tmp_path: Path, number: int) -> None:
    root = write_backend(tmp_path, package=f"random_tables_{number}", functions=5, tables=TABLES, number=number)
    backend = load(root, tmp_path)
    given = {table.name: list(documents(backend, table.name, number)) for table in backend.contract.tables}
    assert sum(map(len, given.values())) > TABLES * DOCUMENTS / 2

    first = through_a_database(backend, tmp_path / "first.db", {t: [orjson.dumps(d) for d in given[t]] for t in given})
    for table, expected in given.items():
        found = [orjson.loads(line) for line in first[table]]
        assert [document["id"] for document in found] == sorted(document["id"] for document in expected)
        check_same(backend, table, {each["id"]: each for each in expected}, {each["id"]: each for each in found})
    assert through_a_database(backend, tmp_path / "second.db", first) == first


def through_a_database(backend: Backend, path: Path, lines: dict[str, list[bytes]]) -> dict[str, list[bytes]]:
    """Import, and what is exported then."""
    with closing(Import(backend.contract, backend.tables, str(path))) as work:
        for table, of_table in lines.items():
            for line in of_table:
                work.add(table, line)
        work.commit(0)
    codec = codec_of(backend.contract)
    with closing(Snapshot.open(str(path), backend.contract, codec)) as snapshot:
        return {table: list(lines_of(snapshot, table, codec)) for table in lines}


def check_same(backend: Backend, table: str, expected: dict[str, Wire], found: dict[str, Wire]) -> None:
    wires = Wires(backend.contract)
    for field in backend.contract.document(table).fields:
        for id_, document in expected.items():
            was, now = document[field.wire_name], found[id_][field.wire_name]
            if was is not None and is_moment(backend, field.type):
                assert parse_datetime(was) == parse_datetime(now) and now.endswith("Z")
            else:
                assert wires.answered(was, field.type) == now, field


def is_moment(backend: Backend, t: Type) -> bool:
    found = structure(t, backend.contract.types_by_name)
    inner = nullable(found) if isinstance(found, UnionType) else None
    return isinstance(found, DateTimeType) or (inner is not None and is_moment(backend, inner))


# --- documents ---


def documents(backend: Backend, table: str, number: int) -> Iterator[Wire]:
    """Documents of a table in wire form, the same for the same number."""
    fields = backend.contract.document(table).fields[2:]
    wires = Wires(backend.contract)
    chance = random.Random(f"{number} {table}")
    strategy = st.fixed_dictionaries({field.wire_name: wires.of(field.type) for field in fields})
    for values in drawn(strategy, number):
        if all(can_be_stored(backend, field, values[field.wire_name]) for field in fields):
            id_ = format_id(table, uuid7(chance.getrandbits(48), chance.getrandbits(74)))
            yield {"id": id_, "creationTime": f"2026-01-02T03:04:{chance.randrange(60):02}.5+01:00", **values}


def can_be_stored(backend: Backend, field: Field, wire: Any) -> bool:
    """A few durations are of their type and too long for a column."""
    try:
        column(field, backend.contract.types_by_name, Codec(backend.contract.types_by_name)).to_sql(wire)
    except WireError:
        return False
    return True


def drawn(strategy: st.SearchStrategy[Wire], number: int) -> list[Wire]:
    found: list[Wire] = []

    @seed(number)
    @settings(
        max_examples=DOCUMENTS,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(strategy)
    def collect(wire: Wire) -> None:
        found.append(wire)

    collect()
    return found[:DOCUMENTS]
