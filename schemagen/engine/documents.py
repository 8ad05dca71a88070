"""Documents of one table: rows of the store on one side, objects of the author's class on the other."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias, cast

from schemagen.declare import Id, Table
from schemagen.engine.building import Build, builder
from schemagen.model.contract import NamedType
from schemagen.model.types import (
    ArrayType,
    BytesType,
    DateTimeType,
    DecimalType,
    FloatType,
    IdType,
    Int64Type,
    IntType,
    MapType,
    SetType,
    StringType,
    Type,
    UnionType,
    nullable,
)
from schemagen.store.columns import Column, SqlValue, datetime_to_sql
from schemagen.store.tables import CREATION_TIME_KEY, ID_KEY, KeyColumn, Row, StoredTable, key_column
from schemagen.wire.codec import Codec
from schemagen.wire.issue import Issue, WireError
from schemagen.wire.kinds import structure
from schemagen.wire.storage import Storage

ToValue: TypeAlias = Callable[[Any], SqlValue]


class Documents:
    """The conversions of one table, compiled once."""

    def __init__(self, table: type[Table], stored: StoredTable, codec: Codec, named: Mapping[str, NamedType]) -> None:
        self.table = table
        self.stored = stored
        self._codec = codec
        self._named = named
        self.names = tuple(column.name for column in stored.columns)
        self._names = set(self.names)
        self._fields = _fields_of_row(self.names)
        self.positions = {name: position for position, name in enumerate(self.names, start=2)}
        """Where a field stands in a row."""
        self._writers = [
            (column.name, self._writer(column), codec.encoder(column.field.type)) for column in stored.columns
        ]
        self._readers = [
            (column.name, reader) for column in stored.columns if (reader := self._reader(column)) is not None
        ]
        self.keys: dict[str, KeyColumn] = {"id": ID_KEY, "creation_time": CREATION_TIME_KEY}
        """What conditions and orders may name."""
        self.keys |= {column.name: key_column(at, column) for at, column in enumerate(stored.columns, start=2)}
        self._conditions: dict[str, ToValue] = {}

    def _writer(self, column: Column) -> ToValue:
        to_sql = column.to_sql
        if column.storage is not Storage.REAL or not self._is_indexed(column.name):
            return to_sql

        def indexed_float(wire: Any) -> SqlValue:
            if wire == "NaN":
                raise WireError((Issue((), "NaN has no place in an index"),))
            return to_sql(wire)

        return indexed_float

    def _is_indexed(self, field: str) -> bool:
        return any(key.field == field for index in self.stored.indexes.values() for key in index.key)

    def _reader(self, column: Column) -> Build | None:
        """From a stored value to the author's; None if they are the same."""
        build = builder(self.table.model_fields[column.name].annotation)
        from_sql = column.from_sql
        if build is None:
            if from_sql is None and isinstance(structure(_not_null(column.field.type), self._named), IdType):
                return Id
            return from_sql
        if from_sql is None:
            return build
        return lambda value: build(from_sql(value))

    # --- reading ---

    def document(self, row: Row) -> Table:
        """The object of a row."""
        values = self._fields(row)
        for name, read in self._readers:
            value = values[name]
            if value is not None:
                values[name] = read(value)
        id_, creation_time = row[0], row[1]
        assert type(id_) is str and type(creation_time) is str
        return self.table.from_store(id_, datetime.fromisoformat(creation_time), values, self._names)

    # --- writing ---

    def values(self, held: Mapping[str, Any]) -> Row:
        """The fields of a document as SQL values, each checked. Raises `WireError` with Python names in its paths."""
        out = []
        issues: list[Issue] = []
        for name, to_sql, encode in self._writers:
            try:
                out.append(to_sql(encode(held[name])))
            except WireError as error:
                issues += error.below(name)
            except KeyError:
                issues.append(Issue((name,), "has no value"))
        if issues:
            raise WireError(tuple(issues))
        return tuple(out)

    def value(self, field: str, held: Any) -> SqlValue:
        """One field as SQL value. Raises `WireError` with the field's name in its paths."""
        _, to_sql, encode = self._writers[self.positions[field] - 2]
        try:
            return to_sql(encode(held))
        except WireError as error:
            raise WireError(tuple(error.below(field))) from None

    # --- conditions ---

    def condition(self, field: str) -> ToValue:
        """From a value that a condition compares a field with to SQL. Raises `WireError` if it is of another type.

        Bounds and lengths do not count: `where(Contact.age >= -1)` is true of all, not wrong.
        """
        found = self._conditions.get(field)
        if found is None:
            found = self._conditions[field] = self._condition(field)
        return found

    def _condition(self, field: str) -> ToValue:
        if field == "id":
            return cast(ToValue, self._codec.encoder(IdType(self.stored.name)))
        if field == "creation_time":
            encode_time = self._codec.encoder(DateTimeType())
            return lambda value: datetime_to_sql(cast(str, encode_time(value)))
        column = self.stored.columns[self.positions[field] - 2]
        encode = self._codec.encoder(unconstrained(column.field.type, self._named))
        writer = self._writer(column)
        return lambda value: writer(encode(value))


def _fields_of_row(names: tuple[str, ...]) -> Callable[[Row], dict[str, Any]]:
    """A row → its fields by name, as one expression: `{"company": row[2], …}` costs a quarter of a zip."""
    items = ", ".join(f"{name!r}: row[{position}]" for position, name in enumerate(names, start=2))
    made: Callable[[Row], dict[str, Any]] = eval(f"lambda row: {{{items}}}")
    return made


def _not_null(t: Type) -> Type:
    return nullable(t) or t


def unconstrained(t: Type, named: Mapping[str, NamedType]) -> Type:
    """A type without its bounds, lengths and patterns, as far as a single column holds it."""
    found = structure(t, named)
    match found:
        case IntType() | Int64Type() | DecimalType() | StringType() | BytesType():
            return type(found)()
        case FloatType(non_finite=non_finite):
            return FloatType(non_finite=non_finite)
        case ArrayType() | SetType() | MapType():
            return dataclasses.replace(found, min_length=None, max_length=None)
        case UnionType(members=members, tag=tag):
            return UnionType(tuple(unconstrained(member, named) for member in members), tag)
        case _:
            return t
