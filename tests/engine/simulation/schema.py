"""Random schemas: a few tables, a few fields of small domains, indexes over any of them."""

from __future__ import annotations

import types
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from random import Random
from typing import Any

from schemagen import Table, index, search_index
from schemagen.wire.storage import Storage


class Kind(Enum):
    """A type of field: its annotation, how it is stored, and values whose keys are easily confused."""

    TEXT = str, Storage.TEXT, ("", "a", "aa", "ab", "b", "é", "\uffff", "𝄞")
    INT = int, Storage.INTEGER, (-1, 0, 1, 2, 255, 256, 2**40)
    BOOL = bool, Storage.BOOLEAN, (False, True)
    FLOAT = float, Storage.REAL, (-1.5, -0.5, 0.0, 0.5, 1e300)
    MAYBE_INT = int | None, Storage.INTEGER, (None, -1, 0, 1, 2)
    WORDS = str, Storage.TEXT, ("ada lo", "Lo b", "adam lo", "b Ádá", "lo lo ada")
    MAYBE_TEXT = str | None, Storage.TEXT, (None, "", "a", "ab", "b")

    def __init__(self, annotation: Any, storage: Storage, values: tuple[Any, ...]) -> None:
        self.annotation = annotation
        self.storage = storage
        self.values = values


@dataclass(frozen=True)
class Field:
    name: str
    kind: Kind
    values: tuple[Any, ...]
    """All that a run writes and asks for: few, so that keys collide."""


@dataclass(frozen=True)
class TableShape:
    name: str
    fields: tuple[Field, ...]
    indexes: tuple[tuple[str, ...], ...]
    searches: tuple[tuple[str, tuple[str, ...]], ...]
    """Search indexes: the text field, and the filters."""

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def index_keys(self) -> dict[str, tuple[str, ...]]:
        """Whole keys, with the implicit columns, by the names of the indexes."""
        declared = {f"by_{at}": fields for at, fields in enumerate(self.indexes)}
        return {
            name: (*fields, "creation_time", "id") for name, fields in (declared | {"by_creation_time": ()}).items()
        }

    def storage(self, field: str) -> Storage:
        if field in ("creation_time", "id"):
            return Storage.TEXT
        return self.by_name[field].kind.storage


@dataclass(frozen=True)
class Schema:
    tables: tuple[TableShape, ...]

    @cached_property
    def by_name(self) -> dict[str, TableShape]:
        return {table.name: table for table in self.tables}

    @cached_property
    def classes(self) -> dict[str, type[Table]]:
        """What a backend's author would have written."""
        return {table.name: _class_of(table) for table in self.tables}


@cache
def some_schema(seed: int) -> Schema:
    random = Random(seed)
    names = ["apples", "pears", "plums"][: random.randint(1, 3)]
    return Schema(tuple(_some_table(random, name) for name in names))


def _some_table(random: Random, name: str) -> TableShape:
    fields = []
    for letter in "abcd"[: random.randint(2, 4)]:
        kind = random.choice([*Kind, Kind.WORDS])
        count = min(len(kind.values), random.randint(2, 5))
        fields.append(Field(letter, kind, tuple(random.sample(kind.values, count))))
    letters = [field.name for field in fields]
    indexes = {tuple(random.sample(letters, random.randint(1, min(3, len(letters))))) for _ in range(3)}
    searches = []
    for field in fields:
        if field.kind is Kind.WORDS:
            others = [letter for letter in letters if letter != field.name]
            searches.append((field.name, tuple(random.sample(others, random.randint(0, min(2, len(others)))))))
    return TableShape(name, tuple(fields), tuple(sorted(indexes)), tuple(searches))


def _class_of(table: TableShape) -> type[Table]:
    def body(namespace: dict[str, Any]) -> None:
        namespace["__module__"] = __name__
        namespace["__annotations__"] = {field.name: field.kind.annotation for field in table.fields}
        namespace |= {f"by_{at}": index(*fields) for at, fields in enumerate(table.indexes)}
        namespace |= {f"search_{text}": search_index(text, filters=filters) for text, filters in table.searches}

    return types.new_class(table.name.capitalize(), (Table,), {"name": table.name}, body)
