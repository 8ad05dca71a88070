"""What the checker says of stored documents, held against the store's own evolution."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from schemagen.check.changes import Change, Level
from schemagen.check.compare import compare
from schemagen.check.views import Position, types_of
from schemagen.check.witness import Witnesses
from schemagen.model import types as t
from schemagen.model.contract import MISSING, Contract, Field, Json, Missing, ObjectType
from schemagen.model.ids import format_id
from schemagen.store.errors import SchemaMismatch, UniqueViolation
from schemagen.store.sqlite import SqliteStore
from tests.check.lives import Lives
from tests.store.tables import contract_of, field, open_store

TIME = "2026-01-01T00:00:00.000000Z"


def breaks_of(old: Contract, new: Contract) -> list[Change]:
    return [change for change in compare(old, new) if Level.DATA in change.levels.values()]


def thing(contract: Contract) -> str:
    return next(table.name for table in contract.tables if table.name != "others")


def opened(path: Path, contract: Contract) -> SqliteStore:
    """As a server starts. Raises SchemaMismatch if the stored documents do not fit."""
    values = Witnesses(types_of(contract), Position.STORED)

    def fresh(table: str, name: str) -> Json | Missing:
        field = next(field for field in contract.document(table).fields if field.name == name)
        return values.smallest(field.type) if not field.required else Missing()

    return open_store(contract, path, fresh)


def store(path: Path, contract: Contract, *documents: dict[str, Json]) -> None:
    """Documents in wire form; those that meet a unique index are left out."""
    held = opened(path, contract)
    table = held.tables[thing(contract)]
    held.begin()
    for number, document in enumerate(documents):
        row = [column.to_sql(document[column.name]) for column in table.columns]
        try:
            held.insert(table, (format_id(table.name, (held.ts << 16) + number), TIME, *row))
        except UniqueViolation:
            continue
    held.commit(held.ts + 1)
    held.close()


@pytest.mark.parametrize("seed", range(60))
def test_what_is_called_safe_is_accepted_by_the_store(seed: int, tmp_path: Path) -> None:
    """Three changes after each other, with documents of every time in between."""
    lives = Lives(Random(seed))
    contract = lives.first()
    path = tmp_path / "app.db"
    store(path, contract, *(lives.document(contract) for _ in range(3)))
    for _ in range(12):
        changed = lives.next(contract)
        if breaks_of(contract, changed):
            continue
        try:
            store(path, changed, *(lives.document(changed) for _ in range(2)))
        except SchemaMismatch as error:
            pytest.fail(f"{error}\nsaid: {compare(contract, changed)}")
        contract = changed


@pytest.mark.parametrize("seed", range(60))
def test_a_document_that_shows_a_break_is_refused_by_the_store(seed: int, tmp_path: Path) -> None:
    lives = Lives(Random(seed))
    old = lives.first()
    for number in range(6):
        new = lives.next(old)
        for change in breaks_of(old, new):
            name = field_of(change, old, new)
            if name is not None:
                path = tmp_path / f"{number}_{change.rule}_{name}.db"
                store(path, old, lives.document(old) | {name: change.witness})  # type: ignore[dict-item]
                with pytest.raises(SchemaMismatch):
                    opened(path, new)
        old = new


def field_of(change: Change, old: Contract, new: Contract) -> str | None:
    """The field, as it was called, that may hold the witness of a change; None if it could be one of several."""
    if isinstance(change.witness, Missing):
        return None
    fields = {f"Thing.{field.name}": (field.name, *field.renamed_from) for field in new.document(thing(new)).fields}
    names = fields.get(change.at.partition("[")[0].partition("{")[0], ())
    known = {field.name for field in old.document(thing(old)).fields}
    return next((name for name in names if name in known), None)


def test_a_record_stored_before_a_field_existed_lacks_it(tmp_path: Path) -> None:
    """So demanding the field is a break, although every document that is written now has it."""
    count = Field("count", "count", t.IntType(), required=False, default=0)
    one, two, three = (
        contract_of(
            field("part", t.RefType("Part")), types=(ObjectType("Part", (field("label", t.StringType()), *more)),)
        )
        for more in ((), (count,), (replace(count, required=True, default=MISSING),))
    )
    path = tmp_path / "app.db"
    assert [breaks_of(one, two), len(breaks_of(two, three))] == [[], 1]
    store(path, one, {"part": {"label": "a"}})
    opened(path, two).close()
    with pytest.raises(SchemaMismatch, match="count: is required"):
        opened(path, three)
